// SPDX-License-Identifier: GPL-2.0-only
/* Where a client writes: its profile, its downloads, each torrent's own directory. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init_client.h"
#include "init_file.h"

#define MAX_PATHS 64

static int conf_paths(const struct client *c, struct list *ret)
{
	static const struct {
		const char *section, *key;
	} keys[] = {
		{"BitTorrent", "Session\\DefaultSavePath"},
		{"BitTorrent", "Session\\TempPath"},
		{"BitTorrent", "Session\\TorrentExportDirectory"},
		{"BitTorrent", "Session\\FinishedTorrentExportDirectory"},
		{"Preferences", "Downloads\\SavePath"},
		{"Preferences", "Downloads\\TempPath"},
		{"Application", "FileLogger\\Path"},
	};
	char path[PATH_MAX];
	bool told = false;

	for (unsigned i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!qbt_conf_value(c->conf, keys[i].section, keys[i].key, path, sizeof(path)))
			continue;
		told |= strstr(keys[i].key, "SavePath") != NULL;
		if (qbt_add_path(path, ret, c->e))
			return -1;
	}
	if (told || c->places.profile)
		return 0;
	snprintf(path, sizeof(path), "%.4000s/Downloads", c->home);
	return qbt_add_path(path, ret, c->e);
}

static int own_paths(const struct client *c, struct list *ret)
{
	const struct qbt_places *p = &c->places;

	if (qbt_add_path(p->config_dir, ret, c->e))
		return -1;
	/* Of a profile of its own all lies in there. */
	return p->profile							       ? 0
	       : qbt_add_path(p->data, ret, c->e) || qbt_add_path(p->cache, ret, c->e) ? -1
										       : 0;
}

/* A file of the profile; what cannot be read holds nothing. */
static int file_paths(const struct client *c, const char *path, bool json, struct list *ret)
{
	struct err ignored;
	char *text;
	size_t len;
	int r;

	if (init_file_read(c->ask->root, path, &text, &len, &ignored) <= 0)
		return 0;
	r = json ? qbt_json_paths(text, ret, c->e) : qbt_resume_paths(text, len, ret, c->e);
	free(text);
	return r;
}

/* Each torrent has a path of its own. */
static int torrent_paths(const struct client *c, struct list *ret)
{
	char dir[PATH_MAX + 32], path[2 * PATH_MAX + 64];
	const struct dirent *entry;
	DIR *d;
	int r = 0;

	snprintf(dir, sizeof(dir), "%s%s/BT_backup", c->ask->root, c->places.data);
	d = opendir(dir);
	while (r == 0 && d && (entry = readdir(d))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (!dot || strcmp(dot, ".fastresume") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/BT_backup/%s", c->places.data, entry->d_name);
		r = file_paths(c, path, false, ret);
	}
	if (d)
		closedir(d);
	return r;
}

/* Links resolved, up to what exists: a directory that is not there yet must be made in another. */
static int add_resolved(const struct client *c, const char *path, struct list *ret)
{
	char full[PATH_MAX], real[PATH_MAX];
	size_t root = strlen(c->ask->root);

	if ((size_t)snprintf(full, sizeof(full), "%s%s", c->ask->root, path) >= sizeof(full))
		return 0;
	while (!realpath(full, real)) {
		char *slash = strrchr(full, '/');

		if (errno != ENOENT || !slash || slash <= full + root)
			return list_add_new(ret, path, c->e);
		*slash = '\0';
	}
	return qbt_add_path(strncmp(real, c->ask->root, root) == 0 ? real + root : real, ret, c->e);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, so that they come out the same each time; what lies below another goes with that. */
static int add_sorted(const struct client *c, struct list *paths, struct list *ret)
{
	const char *above = NULL;

	if (paths->n)
		qsort(paths->v, paths->n, sizeof(*paths->v), by_name);
	for (unsigned i = 0; i < paths->n; i++) {
		size_t len = above ? strlen(above) : 0;

		if (above && strncmp(paths->v[i], above, len) == 0 && paths->v[i][len] == '/')
			continue;
		above = paths->v[i];
		if (list_add_new(ret, above, c->e))
			return -1;
	}
	return 0;
}

int client_note_paths(const struct client *c, const char *why)
{
	return list_add(&c->f->notes, c->e,
			"%s: the drop-in leaves it free to write where it may now. Run init again "
			"once that has changed.",
			why);
}

/* Instead of BT_backup, where the user has chosen so. */
static bool has_database(const struct client *c)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s%s/torrents.db", c->ask->root, c->places.data);
	return access(path, F_OK) == 0;
}

int client_paths(const struct client *c)
{
	struct list paths = {0}, real = {0};
	char path[PATH_MAX + 32];
	const char *dir = c->places.profile ? "/config" : "";
	int r = conf_paths(c, &paths);

	for (unsigned i = 0; r == 0 && i < 2; i++) {
		snprintf(path, sizeof(path), "%s%s/%s.json", c->places.config_dir, dir,
			 i ? "watched_folders" : "categories");
		r = file_paths(c, path, true, &paths);
	}
	if (r == 0)
		r = torrent_paths(c, &paths) || own_paths(c, &paths) ? -1 : 0;
	for (unsigned i = 0; r == 0 && i < paths.n; i++)
		r = add_resolved(c, paths.v[i], &real);
	if (r == 0)
		r = add_sorted(c, &real, &c->f->paths);
	list_free(&paths);
	list_free(&real);
	if (r)
		return -1;
	if (has_database(c))
		return client_note_paths(
			c, "qBittorrent keeps its torrents in a database, which is not "
			   "read here");
	if (c->f->paths.n > MAX_PATHS)
		return client_note_paths(
			c, "qBittorrent's torrents lie in too many directories to name");
	c->f->paths_known = true;
	return 0;
}
