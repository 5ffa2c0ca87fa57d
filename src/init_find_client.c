// SPDX-License-Identifier: GPL-2.0-only
/*
 * The client: what the unit runs, where its WebUI listens, what it writes to.
 *
 * What a service's user wrote is read here as root: never more is taken from it than a port, an
 * interface's name or a path (init_qbt.h).
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init_client.h"
#include "init_file.h"

/* KEY=VALUE lines, quotes around a value taken off. */
static int take_environment(struct client *c, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		char *value = strchr(line, '=');
		size_t len;

		line += strspn(line, " \t");
		if (!value || strchr("#;", *line))
			continue;
		*value++ = '\0';
		len = strlen(value);
		if (len > 1 && strchr("\"'", *value) && value[len - 1] == *value) {
			value[len - 1] = '\0';
			value++;
		}
		if (list_add(&c->environment, c->e, "%s=%s", line, value))
			return -1;
	}
	return 0;
}

/* Environment=, then EnvironmentFile=, of which the last word counts. */
static int read_environment(struct client *c)
{
	const struct unit *u = c->unit;
	char *text;
	size_t len;

	for (unsigned i = 0; i < u->environment.n; i++)
		if (list_add(&c->environment, c->e, "%s", u->environment.v[i]))
			return -1;
	for (unsigned i = 0; i < u->environment_files.n; i++) {
		struct err ignored;
		int r;

		if (init_file_read(c->ask->root, u->environment_files.v[i], &text, &len,
				   &ignored) <= 0)
			continue;
		r = take_environment(c, text);
		free(text);
		if (r)
			return -1;
	}
	return 0;
}

/* HOME= of the environment, else the user's; systemd sets none for a unit without User=. */
static void find_home(struct client *c)
{
	const char *home = qbt_value(&c->environment, "HOME");
	const struct passwd *pw = *c->unit->user ? getpwnam(c->unit->user) : NULL;

	if (!home && pw)
		home = pw->pw_dir;
	snprintf(c->home, sizeof(c->home), "%s", home ? home : "/");
}

static int take_port(const struct client *c, const char *text, const char *from)
{
	if (!qbt_port(text, &c->f->webui_port))
		return err_set(
			c->e, EXIT_MISUSE,
			"%s has a WebUI port that is none: a number from 1 to 65535 would be "
			"right",
			from);
	c->f->webui = true;
	snprintf(c->f->webui_from, sizeof(c->f->webui_from), "%s", from);
	return 0;
}

/* In qBittorrent's own order. */
static int find_port(const struct client *c)
{
	const char *option = qbt_option(&c->unit->exec, &c->environment, "--webui-port"),
		   *variable = qbt_value(&c->environment, "QBT_WEBUI_PORT");
	char value[16];

	if (option)
		return take_port(c, option, "--webui-port of ExecStart=");
	if (variable)
		return take_port(c, variable, "QBT_WEBUI_PORT of the unit's environment");
	if (c->conf && qbt_conf_value(c->conf, "Preferences", "WebUI\\Port", value, sizeof(value)))
		return take_port(c, value, c->places.conf);
	return take_port(c, "8080", "qBittorrent's default; no other is set anywhere");
}

static int note_interface(const struct client *c)
{
	char name[64];

	if (!qbt_conf_value(c->conf, "BitTorrent", "Session\\Interface", name, sizeof(name)) ||
	    !*name)
		return 0;
	if (strcmp(name, c->f->tunnel) == 0)
		return list_add(
			&c->f->notes, c->e,
			"qBittorrent is bound to %s by its own setting: keep it or clear it, "
			"the fence needs it not.",
			name);
	return list_add(
		&c->f->notes, c->e,
		"qBittorrent is bound to %s by its own setting, which is not the tunnel %s: "
		"nothing of it would leave. Clear it (Options, Advanced, Network interface), "
		"or choose that tunnel.",
		name, c->f->tunnel);
}

static int find_qbittorrent(struct client *c)
{
	struct err ignored;
	size_t len;

	if (!qbt_places(&c->unit->exec, &c->environment, c->home, &c->places))
		return find_port(c) || client_note_paths(
					       c, "Where qBittorrent has its profile is not clear")
			       ? -1
			       : 0;
	if (init_file_read(c->ask->root, c->places.conf, &c->conf, &len, &ignored) < 0)
		c->conf = NULL;
	if (find_port(c))
		return -1;
	if (!c->conf)
		return client_note_paths(
			c, "No qBittorrent.conf can be read yet, so where it writes is not "
			   "known");
	return note_interface(c) || client_paths(c) ? -1 : 0;
}

int find_client(const struct ask *ask, const struct unit *u, struct findings *ret, struct err *e)
{
	struct client c = {.ask = ask, .unit = u, .f = ret, .e = e};
	int r;

	ret->qbittorrent = qbt_runs(&u->exec);
	if (!ret->qbittorrent)
		return list_add(
			&ret->notes, e,
			"The unit does not run qBittorrent: it gets no [webui], and only the "
			"part of the sandbox that keeps it inside the fence.");
	r = read_environment(&c);
	find_home(&c);
	if (r == 0)
		r = find_qbittorrent(&c);
	list_free(&c.environment);
	free(c.conf);
	return r;
}
