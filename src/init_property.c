// SPDX-License-Identifier: GPL-2.0-only
#include "init_property.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

#define SYSTEMD "org.freedesktop.systemd1"
#define UNITS	"/org/freedesktop/systemd1/unit"

static int print_words(sd_bus_message *m, FILE *out)
{
	const char *word;
	bool first = true;
	int r = sd_bus_message_enter_container(m, 'a', "s");

	while (r >= 0 && (r = sd_bus_message_read(m, "s", &word)) > 0) {
		fprintf(out, "%s%s", first ? "" : " ", word);
		first = false;
	}
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

/* (bas): is it a list of what is allowed, and the list. */
static int print_set(sd_bus_message *m, FILE *out)
{
	int r = sd_bus_message_enter_container(m, 'r', "bas"), allows;

	if (r >= 0)
		r = sd_bus_message_read(m, "b", &allows);
	if (r >= 0 && !allows)
		fputc('~', out);
	if (r >= 0)
		r = print_words(m, out);
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

/* a(ss): paths with options; a(ssbt): from, to, may be missing, flags. */
static int print_mounts(sd_bus_message *m, FILE *out, const char *type)
{
	bool binds = strcmp(type, "ssbt") == 0, first = true;
	int r = sd_bus_message_enter_container(m, 'a', binds ? "(ssbt)" : "(ss)");

	while (r >= 0 && (r = sd_bus_message_enter_container(m, 'r', type)) > 0) {
		const char *path, *second;

		r = sd_bus_message_read(m, "ss", &path, &second);
		if (r >= 0 && binds)
			r = sd_bus_message_skip(m, "bt");
		if (r >= 0)
			r = sd_bus_message_exit_container(m);
		if (r >= 0)
			fprintf(out, "%s%s:%s", first ? "" : " ", path, second);
		first = false;
	}
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

/* Values of other forms are left out; the line has its key and no value then. */
static int print_value(sd_bus_message *m, const char *type, FILE *out)
{
	const char *text;
	uint64_t number;
	int32_t small;
	int on, r;

	if (strcmp(type, "s") == 0) {
		r = sd_bus_message_read(m, "s", &text);
		if (r >= 0)
			fputs(text, out);
	} else if (strcmp(type, "b") == 0) {
		r = sd_bus_message_read(m, "b", &on);
		if (r >= 0)
			fputs(on ? "yes" : "no", out);
	} else if (strcmp(type, "t") == 0) {
		r = sd_bus_message_read(m, "t", &number);
		if (r >= 0)
			fprintf(out, "%" PRIu64, number);
	} else if (strcmp(type, "i") == 0) {
		r = sd_bus_message_read(m, "i", &small);
		if (r >= 0)
			fprintf(out, "%" PRId32, small);
	} else if (strcmp(type, "as") == 0) {
		r = print_words(m, out);
	} else if (strcmp(type, "(bas)") == 0) {
		r = print_set(m, out);
	} else if (strcmp(type, "a(ss)") == 0) {
		r = print_mounts(m, out, "ss");
	} else if (strcmp(type, "a(ssbt)") == 0) {
		r = print_mounts(m, out, "ssbt");
	} else {
		r = sd_bus_message_skip(m, type);
	}
	return r;
}

static int take_property(sd_bus_message *m, struct list *ret, struct err *e)
{
	const char *key, *type;
	char *value = NULL;
	size_t len;
	FILE *out = open_memstream(&value, &len);
	int r = out ? sd_bus_message_read(m, "s", &key) : -ENOMEM;

	if (r >= 0)
		r = sd_bus_message_peek_type(m, NULL, &type);
	if (r >= 0)
		r = sd_bus_message_enter_container(m, 'v', type);
	if (r >= 0)
		r = print_value(m, type, out);
	if (r >= 0)
		r = sd_bus_message_exit_container(m);
	if (out)
		fclose(out);
	if (r >= 0 && list_add(ret, e, "%s=%s", key, value))
		r = -ENOMEM;
	free(value);
	return r;
}

static int take_all(sd_bus_message *m, struct list *ret, struct err *e)
{
	int r = sd_bus_message_enter_container(m, 'a', "{sv}");

	while (r >= 0 && (r = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
		r = take_property(m, ret, e);
		if (r >= 0)
			r = sd_bus_message_exit_container(m);
	}
	return r;
}

int unit_properties(const char *name, const char *kind, struct list *ret, struct err *e)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	sd_bus *bus = NULL;
	char *path = NULL;
	int r = sd_bus_open_system(&bus);

	*ret = (struct list){0};
	if (r >= 0)
		r = sd_bus_path_encode(UNITS, name, &path);
	if (r >= 0)
		r = sd_bus_call_method(bus, SYSTEMD, path, "org.freedesktop.DBus.Properties",
				       "GetAll", &error, &reply, "s", kind);
	if (r >= 0)
		r = take_all(reply, ret, e);
	if (r < 0) {
		err_set(e, EXIT_FAILED, "systemd: %s: %s", name,
			error.message ? error.message : strerror(-r));
		list_free(ret);
	}
	free(path);
	sd_bus_message_unref(reply);
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
	return r < 0 ? -1 : 0;
}

const char *property_value(const struct list *properties, const char *key)
{
	size_t len = strlen(key);

	for (unsigned i = 0; i < properties->n; i++)
		if (strncmp(properties->v[i], key, len) == 0 && properties->v[i][len] == '=')
			return properties->v[i] + len + 1;
	return NULL;
}

bool property_has(const char *value, const char *word)
{
	size_t len = strlen(word);

	while (*value) {
		size_t n = strcspn(value, " ");

		if (n == len && strncmp(value, word, n) == 0)
			return true;
		value += n + (value[n] == ' ');
	}
	return false;
}
