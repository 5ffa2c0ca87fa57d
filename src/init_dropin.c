// SPDX-License-Identifier: GPL-2.0-only
#include "init_dropin.h"

#include <stdio.h>
#include <string.h>

#include "cgroup.h"
#include "init_own.h"

/* As systemd-escape(1) does, which cgroup_slice() knows. */
void dropin_slice(const char *name, char *ret)
{
	char path[UNIT_NAME];

	cgroup_slice(name, path, sizeof(path));
	snprintf(ret, UNIT_NAME, "%s", strrchr(path, '/') + 1);
}

void dropin_daemon(const char *name, char *ret)
{
	char slice[UNIT_NAME];
	int prefix = (int)strlen("wgfence-"), suffix = (int)strlen(".slice");

	dropin_slice(name, slice);
	snprintf(ret, UNIT_NAME, "wgfence@%.*s.service", (int)strlen(slice) - prefix - suffix,
		 slice + prefix);
}

/* What systemd would read in a path is escaped: quotes, backslashes, blanks, specifiers. */
int dropin_path(struct list *service, const char *key, const char *path, struct err *e)
{
	const char *quote = strpbrk(path, " \t\"'\\;") ? "\"" : "";
	char escaped[2 * PATH_MAX];
	size_t n = 0;

	for (; *path && n + 3 < sizeof(escaped); path++) {
		if (strchr("\"\\", *path))
			escaped[n++] = '\\';
		if (*path == '%')
			escaped[n++] = '%';
		escaped[n++] = *path;
	}
	escaped[n] = '\0';
	return list_add(service, e, "%s=%s-%s%s", key, quote, escaped, quote);
}

static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/' || len == 1);
}

static bool any_below(const struct list *paths, const char *const *dirs)
{
	for (unsigned i = 0; i < paths->n; i++)
		for (const char *const *dir = dirs; *dir; dir++)
			if (is_below(paths->v[i], *dir))
				return true;
	return false;
}

/*
 * Does the unit shut this path, or one above it, itself? What cannot be told, with quotes or
 * specifiers in it, counts as shut.
 */
static bool unit_shuts(const struct findings *f, const char *path)
{
	static const char *const keys[] = {"ReadOnlyPaths", "InaccessiblePaths"};
	bool shut = false;

	for (unsigned k = 0; k < 2; k++) {
		struct list own = {0};
		enum own_kind kind;
		struct err e;

		shut |= own_list(&f->texts, keys[k], &own, &kind, &e) != 0;
		for (unsigned i = 0; i < own.n; i++)
			shut |= strpbrk(own.v[i], "\"'\\%") ||
				is_below(path, own.v[i] + strspn(own.v[i], "-+"));
		list_free(&own);
	}
	return shut;
}

/* A path that may not be named as writable would be shut by ProtectSystem=strict. */
static bool may_name_all(const struct findings *f)
{
	for (unsigned i = 0; i < f->paths.n; i++)
		if (unit_shuts(f, f->paths.v[i]))
			return false;
	return true;
}

static bool is_tight_enough(const struct findings *f, const char *key, const char *wanted,
			    const char *ranks)
{
	char own[64];

	return own_last(&f->texts, "Service", key, own, sizeof(own)) &&
	       !dropin_is_looser(own, wanted, ranks);
}

static int add_writable(const struct findings *f, struct list *service, struct err *e)
{
	static const char *const temporary[] = {"/tmp", "/var/tmp", NULL};

	for (unsigned i = 0; i < f->paths.n; i++)
		if (dropin_path(service, "ReadWritePaths", f->paths.v[i], e))
			return -1;
	/* PrivateTmp= stays out then, so these must be writable as they are. */
	if (any_below(&f->paths, temporary))
		return list_add(service, e, "ReadWritePaths=-/tmp -/var/tmp");
	return 0;
}

/*
 * What the service can write and see. Only where all that it writes to is known; a home that is
 * hidden would look like lost downloads, so where anything lies in one it is read-only instead.
 * A unit that has ProtectSystem=strict has said itself what may be written.
 */
int dropin_paths(const struct findings *f, struct list *service, struct err *e)
{
	static const char *const homes[] = {"/home", "/root", "/run/user", NULL};
	static const char *const temporary[] = {"/tmp", "/var/tmp", NULL};
	bool strict = f->paths_known && may_name_all(f);
	const char *system = strict ? "strict" : "full";
	char own[64];

	if (!f->qbittorrent)
		return 0;
	if (!is_tight_enough(f, "ProtectSystem", system, SYSTEM_RANKS)) {
		if (list_add(service, e, "ProtectSystem=%s", system) ||
		    (strict && add_writable(f, service, e)))
			return -1;
	}
	if (!f->paths_known)
		return 0;
	if ((!own_last(&f->texts, "Service", "ProtectHome", own, sizeof(own)) || !own_is_on(own)) &&
	    list_add(service, e, "ProtectHome=%s",
		     any_below(&f->paths, homes) ? "read-only" : "yes"))
		return -1;
	if (!any_below(&f->paths, temporary) && !is_tight_enough(f, "PrivateTmp", "yes", "no yes"))
		return list_add(service, e, "PrivateTmp=yes");
	return 0;
}

/*
 * A client that is there before the tunnel may not notice when that comes: libtorrent before 2.0.11
 * opens its sockets once, and the fence lets it open none elsewhere. The order alone: where the
 * tunnel fails the service starts all the same.
 */
static int order_behind_tunnel(const struct findings *f, struct list *unit, struct err *e)
{
	return *f->tunnel_unit ? list_add(unit, e, "After=%s", f->tunnel_unit) : 0;
}

int dropin_make(const struct findings *f, struct dropin *ret, struct err *e)
{
	struct dropin d = {0};
	char slice[UNIT_NAME], daemon[UNIT_NAME];

	dropin_slice(f->name, slice);
	dropin_daemon(f->name, daemon);
	/* Wants=, never Requires=: a daemon that ends must not take the service with it. */
	if (list_add(&d.unit, e, "Wants=%s", daemon) || list_add(&d.unit, e, "After=%s", daemon) ||
	    order_behind_tunnel(f, &d.unit, e) || list_add(&d.service, e, "Slice=%s", slice) ||
	    list_add(&d.service, e, "ExecStartPre=+%s ready %s", f->binary, f->name) ||
	    dropin_sandbox(f, &d.service, e) || dropin_private(f, &d.service, e) ||
	    dropin_paths(f, &d.service, e)) {
		dropin_free(&d);
		return -1;
	}
	*ret = d;
	return 0;
}

void dropin_free(struct dropin *d)
{
	list_free(&d->unit);
	list_free(&d->service);
}

void findings_free(struct findings *f)
{
	list_free(&f->networks);
	list_free(&f->servers);
	list_free(&f->paths);
	list_free(&f->etc);
	list_free(&f->texts);
	list_free(&f->notes);
}
