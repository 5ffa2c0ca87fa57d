// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `init` reads of others under libFuzzer: qBittorrent's files, which a compromised service may
 * have written, wg-quick's, and the unit's own text.
 *
 * Owns: what must hold of every input: a path that is taken is absolute and clean, so that it can
 * be put into a unit as it is; a value has no control characters; an address is one. Aborts where
 * one is broken.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "init_net.h"
#include "init_own.h"
#include "init_qbt.h"
#include "must.h"

static void check_clean(const char *text)
{
	for (; *text; text++)
		MUST((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void check_path(const char *path)
{
	check_clean(path);
	MUST(*path == '/');
	MUST(!strstr(path, "/../"));
	MUST(strlen(path) < 3 || strcmp(path + strlen(path) - 3, "/..") != 0);
}

static void check_paths(struct list *paths)
{
	for (unsigned i = 0; i < paths->n; i++)
		check_path(paths->v[i]);
	list_free(paths);
}

static void read_conf(const char *text)
{
	static const char *const keys[] = {"WebUI\\Port", "Session\\DefaultSavePath", "key"};
	static const char *const sections[] = {"Preferences", "BitTorrent", "s"};
	char value[64];

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			if (qbt_conf_value(text, sections[j], keys[i], value, sizeof(value))) {
				MUST(memchr(value, 0, sizeof(value)));
				check_clean(value);
			}
}

static void read_places(const char *text)
{
	char *copy = strdup(text), *rest = copy, *word;
	struct list words = {0};
	struct qbt_places places;
	struct err e;

	while ((word = strsep(&rest, "\n")))
		list_add(&words, &e, "%s", word);
	/* Whatever else is in them, which the unit's author has written. */
	if (qbt_places(&words, &words, "/home/u", &places))
		MUST(*places.conf == '/' && *places.config_dir == '/' && *places.data == '/');
	qbt_runs(&words);
	list_free(&words);
	free(copy);
}

static void read_servers(const char *text)
{
	struct list servers = {0};
	union wgf_ip ip;
	struct err e;

	if (net_wg_quick_dns(text, &servers, &e) == 0) {
		MUST(servers.n <= CONFIG_MAX_SERVERS);
		for (unsigned i = 0; i < servers.n; i++)
			MUST(ip_parse(servers.v[i], &ip));
	}
	list_free(&servers);
}

static void read_unit(const char *text)
{
	struct list texts = {0}, values = {0}, words = {0};
	enum own_kind kind;
	struct err e;

	list_add(&texts, &e, "%s", text);
	own_values(&texts, "Service", "Slice", &values, &e);
	own_list(&texts, "SystemCallFilter", &words, &kind, &e);
	for (unsigned i = 0; i < words.n; i++)
		MUST(*words.v[i] && !isblank((unsigned char)*words.v[i]));
	list_free(&texts);
	list_free(&values);
	list_free(&words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct list paths = {0};
	struct err e;

	MUST(text);
	qbt_resume_paths((const char *)data, size, &paths, &e);
	check_paths(&paths);
	qbt_json_paths(text, &paths, &e);
	check_paths(&paths);
	read_conf(text);
	read_places(text);
	read_servers(text);
	read_unit(text);
	free(text);
	return 0;
}
