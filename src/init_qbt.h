/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What qBittorrent is told: by its command line, its environment and its own configuration.
 *
 * Owns: their forms. What is read here is the service user's to write: none of it may be taken for
 * more than a port, a name or a path, and nothing with control characters in it is taken at all.
 * Pure.
 */
#ifndef WGF_INIT_QBT_H
#define WGF_INIT_QBT_H

#include <stdbool.h>
#include <stddef.h>

#include "list.h"
#include "types.h"

#define PLACE_MAX 4096

/* Does one of these words name the program? */
bool qbt_runs(const struct list *argv);

/* "X" behind NAME=X, the last; NULL where there is none. For environments and `--name=X`. */
const char *qbt_value(const struct list *words, const char *name);

/* The value of an option, `${NAME}` looked up as systemd would; NULL where there is none. */
const char *qbt_option(const struct list *argv, const struct list *environment, const char *name);

/* A port from 1 to 65535. */
bool qbt_port(const char *text, u16 *ret);

/*
 * Where qBittorrent.conf is: below --profile (or QBT_PROFILE), else XDG_CONFIG_HOME, else
 * HOME/.config; `data` is the directory of its state (BT_backup and the like). False where a path
 * is too long or not absolute.
 */
struct qbt_places {
	char conf[PLACE_MAX], config_dir[PLACE_MAX], data[PLACE_MAX], cache[PLACE_MAX];
	bool profile; /* config, data and cache lie in one directory */
};
bool qbt_places(const struct list *argv, const struct list *environment, const char *home,
		struct qbt_places *ret);

/* A value of qBittorrent.conf, its escapes resolved. False where absent, too long or unclean. */
bool qbt_conf_value(const char *text, const char *section, const char *key, char *ret, size_t size);

/* The save paths in a .fastresume file (bencoded, `len` bytes), absolute ones. */
int qbt_resume_paths(const char *data, size_t len, struct list *ret, struct err *e);

/* All strings in a JSON file that are absolute paths: of categories.json, watched_folders.json. */
int qbt_json_paths(const char *text, struct list *ret, struct err *e);

/* Adds a path where it is absolute, clean, and without steps upwards. */
int qbt_add_path(const char *path, struct list *ret, struct err *e);

#endif
