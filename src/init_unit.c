// SPDX-License-Identifier: GPL-2.0-only
#include "init_unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

#define SYSTEMD	  "org.freedesktop.systemd1"
#define MANAGER	  "org.freedesktop.systemd1.Manager"
#define UNIT	  "org.freedesktop.systemd1.Unit"
#define SERVICE	  "org.freedesktop.systemd1.Service"
#define ROOT_PATH "/org/freedesktop/systemd1"

struct dialogue {
	sd_bus *bus;
	const char *path;
	struct err *e;
};

static int failed(struct err *e, const char *what, int r, const sd_bus_error *error)
{
	return err_set(e, EXIT_FAILED, "systemd: %s: %s", what,
		       error && error->message ? error->message : strerror(-r));
}

static int get_string(const struct dialogue *d, const char *interface, const char *name, char **ret)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = sd_bus_get_property_string(d->bus, SYSTEMD, d->path, interface, name, &error, ret);

	if (r < 0)
		failed(d->e, name, r, &error);
	sd_bus_error_free(&error);
	return r < 0 ? -1 : 0;
}

static int get_bool(const struct dialogue *d, const char *interface, const char *name, bool *ret)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int value = 0, r = sd_bus_get_property_trivial(d->bus, SYSTEMD, d->path, interface, name,
						       &error, 'b', &value);

	if (r < 0)
		failed(d->e, name, r, &error);
	sd_bus_error_free(&error);
	*ret = value;
	return r < 0 ? -1 : 0;
}

static int get_words(const struct dialogue *d, const char *interface, const char *name,
		     struct list *ret)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	char **words = NULL;
	int r = sd_bus_get_property_strv(d->bus, SYSTEMD, d->path, interface, name, &error, &words);

	if (r < 0)
		failed(d->e, name, r, &error);
	sd_bus_error_free(&error);
	r = r < 0 ? -1 : 0;
	for (char **word = words; word && *word; word++) {
		if (r == 0)
			r = list_add(ret, d->e, "%s", *word);
		free(*word);
	}
	free(words);
	return r;
}

/* a(sasbttttuii): path, words, and when it ran. */
static int take_exec(sd_bus_message *m, struct list *ret, struct err *e)
{
	int r = sd_bus_message_enter_container(m, 'a', "(sasbttttuii)");

	while (r >= 0 && (r = sd_bus_message_enter_container(m, 'r', "sasbttttuii")) > 0) {
		const char *word;

		r = sd_bus_message_skip(m, "s");
		if (r >= 0)
			r = sd_bus_message_enter_container(m, 'a', "s");
		while (r >= 0 && (r = sd_bus_message_read(m, "s", &word)) > 0)
			if (list_add(ret, e, "%s", word))
				return -1;
		if (r >= 0)
			r = sd_bus_message_exit_container(m);
		if (r >= 0)
			r = sd_bus_message_skip(m, "bttttuii");
		if (r >= 0)
			r = sd_bus_message_exit_container(m);
	}
	return r < 0 ? failed(e, "ExecStart", r, NULL) : 0;
}

/* a(sb): path, and whether it may be missing. */
static int take_files(sd_bus_message *m, struct list *ret, struct err *e)
{
	const char *path;
	int r = sd_bus_message_enter_container(m, 'a', "(sb)"), may_be_missing;

	while (r >= 0 && (r = sd_bus_message_read(m, "(sb)", &path, &may_be_missing)) > 0)
		if (list_add(ret, e, "%s", path))
			return -1;
	return r < 0 ? failed(e, "EnvironmentFiles", r, NULL) : 0;
}

static int get_structs(const struct dialogue *d, const char *name, const char *type,
		       int (*take)(sd_bus_message *m, struct list *ret, struct err *e),
		       struct list *ret)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *m = NULL;
	int r = sd_bus_get_property(d->bus, SYSTEMD, d->path, SERVICE, name, &error, &m, type);

	r = r < 0 ? failed(d->e, name, r, &error) : take(m, ret, d->e);
	sd_bus_message_unref(m);
	sd_bus_error_free(&error);
	return r;
}

/* LoadUnit answers for names that nobody has, too: LoadState says so. */
static int check_loaded(const struct dialogue *d, const char *name, struct unit *u)
{
	if (get_string(d, UNIT, "LoadState", &u->load_state))
		return -1;
	if (strcmp(u->load_state, "loaded") == 0)
		return 0;
	if (strcmp(u->load_state, "not-found") == 0)
		return err_set(d->e, EXIT_MISUSE,
			       "there is no unit %s: systemctl list-unit-files '*.service' shows "
			       "which there are",
			       name);
	if (strcmp(u->load_state, "masked") == 0)
		return err_set(d->e, EXIT_MISUSE, "%s is masked: systemctl unmask it first", name);
	return err_set(d->e, EXIT_MISUSE, "systemd cannot use %s (%s): systemctl status %s", name,
		       u->load_state, name);
}

static int read_all(const struct dialogue *d, struct unit *u)
{
	char *id = NULL;

	if (get_string(d, UNIT, "Id", &id))
		return -1;
	snprintf(u->id, sizeof(u->id), "%s", id);
	free(id);
	return get_string(d, UNIT, "FragmentPath", &u->fragment) ||
			       get_string(d, UNIT, "ActiveState", &u->active) ||
			       get_bool(d, UNIT, "NeedDaemonReload", &u->needs_reload) ||
			       get_words(d, UNIT, "DropInPaths", &u->dropins) ||
			       get_words(d, UNIT, "Requires", &u->requires) ||
			       get_words(d, UNIT, "BindsTo", &u->binds_to) ||
			       get_words(d, UNIT, "TriggeredBy", &u->triggered_by) ||
			       get_string(d, SERVICE, "User", &u->user) ||
			       get_bool(d, SERVICE, "DynamicUser", &u->dynamic_user) ||
			       get_bool(d, SERVICE, "PrivateNetwork", &u->private_network) ||
			       get_string(d, SERVICE, "NetworkNamespacePath", &u->netns_path) ||
			       get_words(d, SERVICE, "Environment", &u->environment) ||
			       get_structs(d, "EnvironmentFiles", "a(sb)", take_files,
					   &u->environment_files) ||
			       get_string(d, SERVICE, "Slice", &u->slice) ||
			       get_string(d, SERVICE, "ControlGroup", &u->control_group) ||
			       get_structs(d, "ExecStart", "a(sasbttttuii)", take_exec, &u->exec) ||
			       get_structs(d, "ExecStartPre", "a(sasbttttuii)", take_exec,
					   &u->exec_pre)
		       ? -1
		       : 0;
}

static int open_bus(sd_bus **ret, struct err *e)
{
	int r = sd_bus_open_system(ret);

	return r < 0 ? err_set(e, EXIT_UNSUPPORTED,
			       "the system bus, where systemd answers, cannot be reached: %s",
			       strerror(-r))
		     : 0;
}

/*
 * Holds the socket unit of the same name in the manager, for as long as the bus is open: one that
 * is not loaded would not show up among what triggers the service. That there is none is no news.
 */
static void hold_socket(sd_bus *bus, const char *service)
{
	char name[300], *path = NULL;

	snprintf(name, sizeof(name), "%.*s.socket", (int)(strlen(service) - strlen(".service")),
		 service);
	if (sd_bus_path_encode(ROOT_PATH "/unit", name, &path) >= 0)
		(void)sd_bus_call_method(bus, SYSTEMD, path, UNIT, "Ref", NULL, NULL, "");
	free(path);
}

int unit_read(const char *name, struct unit *ret, struct err *e)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	struct dialogue d = {.e = e};
	sd_bus_message *reply = NULL;
	int r;

	*ret = (struct unit){0};
	if (open_bus(&d.bus, e))
		return -1;
	hold_socket(d.bus, name);
	r = sd_bus_call_method(d.bus, SYSTEMD, ROOT_PATH, MANAGER, "LoadUnit", &error, &reply, "s",
			       name);
	if (r >= 0)
		r = sd_bus_message_read(reply, "o", &d.path);
	if (r < 0) {
		failed(e, name, r, &error);
		/* A template without an instance, and other names that none could have. */
		if (sd_bus_error_has_name(&error, SD_BUS_ERROR_INVALID_ARGS))
			e->code = EXIT_MISUSE;
	} else {
		r = check_loaded(&d, name, ret) || read_all(&d, ret) ? -1 : 0;
	}
	sd_bus_message_unref(reply);
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(d.bus);
	if (r < 0)
		unit_free(ret);
	return r < 0 ? -1 : 0;
}

int unit_reload(struct err *e)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus = NULL;
	int r;

	if (open_bus(&bus, e))
		return -1;
	r = sd_bus_call_method(bus, SYSTEMD, ROOT_PATH, MANAGER, "Reload", &error, NULL, "");
	if (r < 0)
		failed(e, "daemon-reload", r, &error);
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
	return r < 0 ? -1 : 0;
}

bool unit_has_gate(const struct unit *u, const char *word, const char *next)
{
	for (unsigned i = 1; i < u->exec_pre.n; i++)
		if (strcmp(u->exec_pre.v[i - 1], word) == 0 && strcmp(u->exec_pre.v[i], next) == 0)
			return true;
	return false;
}

void unit_free(struct unit *u)
{
	list_free(&u->dropins);
	list_free(&u->requires);
	list_free(&u->binds_to);
	list_free(&u->triggered_by);
	list_free(&u->environment);
	list_free(&u->environment_files);
	list_free(&u->exec);
	list_free(&u->exec_pre);
	free(u->load_state);
	free(u->fragment);
	free(u->user);
	free(u->active);
	free(u->netns_path);
	free(u->slice);
	free(u->control_group);
	*u = (struct unit){0};
}
