// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which part of /etc is the service's own.
 *
 * Owns: the guess, by the names that packages give: after the unit, its user, its program; and what
 * its command line names. What is not found is hidden from it, and that is said.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "init_dropin.h"
#include "init_find.h"
#include "init_own.h"
#include "init_qbt.h"
#include "resolver.h"

/*
 * Not the two files of names, which are the fence's; nor a colon, behind which BindPaths= has
 * another path.
 */
static int add_if_there(const struct ask *ask, const char *path, struct findings *f, struct err *e)
{
	char full[2 * PATH_MAX];

	if (strcmp(path, "/etc/" RESOLVER_CONF) == 0 ||
	    strcmp(path, "/etc/" RESOLVER_SWITCH) == 0 || strchr(path, ':'))
		return 0;
	snprintf(full, sizeof(full), "%s%s", ask->root, path);
	return access(full, F_OK) == 0 ? qbt_add_path(path, &f->etc, e) : 0;
}

static int add_named(const struct ask *ask, const char *name, size_t len, struct findings *f,
		     struct err *e)
{
	char path[PATH_MAX];

	if (!len || memchr(name, '/', len) || name[0] == '.' ||
	    (size_t)snprintf(path, sizeof(path), "/etc/%.*s", (int)len, name) >= sizeof(path))
		return 0;
	return add_if_there(ask, path, f, e);
}

/* "/etc/x.conf", "--config=/etc/x.conf". */
static int add_word(const struct ask *ask, const char *word, struct findings *f, struct err *e)
{
	const char *path = strstr(word, "/etc/");

	if (!path || (path != word && path[-1] != '='))
		return 0;
	return add_if_there(ask, path, f, e);
}

/*
 * What the client writes to is its user's to say, and would bring a helper's socket back into sight
 * where it lies in /run: so it is not shown there, and that is said.
 */
static int note_hidden(struct findings *f, struct err *e)
{
	for (unsigned i = 0; i < f->paths.n; i++) {
		const char *path = f->paths.v[i];
		bool hidden =
			strncmp(path, "/etc/", 5) == 0 ||
			(strncmp(path, "/run/", 5) == 0 && strncmp(path, "/run/media/", 11) != 0);

		if (hidden &&
		    list_add(&f->notes, e,
			     "The service writes to %s, which it will not see: it has an /etc "
			     "and a /run of its own. Choose another directory.",
			     path))
			return -1;
	}
	return 0;
}

static bool shows_names(const char *bind)
{
	static const char *const places[] = {"/etc/resolv.conf", "/etc/nsswitch.conf", "/run",
					     "/var/run"};

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strstr(bind, places[i]))
			return true;
	return false;
}

/* Lists of mounts merge, and of two on one place it is not said which one the service sees. */
static int note_binds(struct findings *f, struct err *e)
{
	static const char *const keys[] = {"BindPaths", "BindReadOnlyPaths"};
	int r = 0;

	for (unsigned k = 0; r == 0 && k < 2; k++) {
		struct list own = {0};

		r = own_values(&f->texts, "Service", keys[k], &own, e);
		for (unsigned i = 0; r == 0 && i < own.n; i++)
			if (shows_names(own.v[i]))
				r = list_add(
					&f->notes, e,
					"%s=%s of the unit shows it something of the host's by "
					"which names may be found past the tunnel: take it out "
					"unless the service needs it.",
					keys[k], own.v[i]);
		list_free(&own);
	}
	return r;
}

int find_etc(const struct ask *ask, const struct unit *u, struct findings *ret, struct err *e)
{
	const char *program = u->exec.n ? u->exec.v[0] : "";
	const char *slash = strrchr(program, '/');

	program = slash ? slash + 1 : program;
	if (add_named(ask, u->id, strcspn(u->id, "@."), ret, e) ||
	    add_named(ask, u->user, strlen(u->user), ret, e) ||
	    add_named(ask, program, strlen(program), ret, e))
		return -1;
	for (unsigned i = 0; i < u->exec.n; i++)
		if (add_word(ask, u->exec.v[i], ret, e))
			return -1;
	if (note_hidden(ret, e) || note_binds(ret, e))
		return -1;
	if (!dropin_hides_run(ret) &&
	    list_add(&ret->notes, e,
		     "The unit meets others in /run (Type=dbus, or PIDFile= straight in it), so "
		     "/run "
		     "is not hidden from it: before Linux 6.7 it could have helpers there look up "
		     "names for it."))
		return -1;
	return ret->qbittorrent
		       ? 0
		       : list_add(&ret->notes, e,
				  "Of /etc and /run the service sees what most need, and of its "
				  "own %s%s: name what it needs besides in a drop-in of yours, "
				  "BindReadOnlyPaths=/etc/...",
				  ret->etc.n ? ret->etc.v[0] : "nothing",
				  ret->etc.n > 1 ? " and more" : "");
}
