// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names, in the drop-in: a /run and an /etc of the unit's own.
 *
 * Owns: what of the host's the unit still sees there. All that is not named is hidden, so that a
 * helper's socket that appears later (nscd, the bus, a container engine) never is within reach, and
 * a host that renames over /etc/resolv.conf takes no mount away. A list of paths to hide would miss
 * both.
 */
#include <stdio.h>
#include <string.h>

#include "init_dropin.h"
#include "init_own.h"
#include "resolver.h"
#include "rundir.h"

/* What libc, TLS libraries and scripts read, the switch and the resolvers apart. */
#define ETC_FILES                                                                                \
	"-/etc/ld.so.cache -/etc/passwd -/etc/group -/etc/hosts -/etc/host.conf -/etc/gai.conf " \
	"-/etc/services -/etc/protocols -/etc/mime.types -/etc/localtime -/etc/timezone "        \
	"-/etc/os-release"
#define ETC_DIRS                                                                              \
	"-/etc/ssl -/etc/ca-certificates -/etc/pki -/etc/crypto-policies -/etc/alternatives " \
	"-/etc/static" /* the last, and current-system: NixOS has its links there */
/* The journal and the notify socket pass on nothing but what is said to them. */
#define RUN_SEEN  "-/run/systemd/journal -/run/systemd/notify -/run/current-system"
#define RUN_DISKS "-/run/media" /* what the desktop has mounted */

static bool is_dbus(const struct findings *f)
{
	char type[64];

	return own_last(&f->texts, "Service", "Type", type, sizeof(type)) &&
	       strcmp(type, "dbus") == 0;
}

/* "/run/x/y.pid", also by its old name: "x/y.pid"; NULL where it is elsewhere. */
static const char *below_run(const char *path)
{
	if (strncmp(path, "/var", 4) == 0)
		path += 4;
	return strncmp(path, "/run/", 5) == 0 ? path + 5 : NULL;
}

/* Its directory is one of the unit's; straight in /run none could be shown. */
static bool has_pid_file(const struct findings *f, bool *ret_in_run)
{
	char path[PATH_MAX];
	const char *rest = own_last(&f->texts, "Service", "PIDFile", path, sizeof(path))
				   ? below_run(path)
				   : NULL;

	*ret_in_run = rest && !strchr(rest, '/');
	return rest && !*ret_in_run;
}

bool dropin_hides_run(const struct findings *f)
{
	bool in_run;

	has_pid_file(f, &in_run);
	return !in_run && !is_dbus(f);
}

/* Where the service makes its sockets and notes for others. */
static int add_own_run(const struct findings *f, struct list *service, struct err *e)
{
	struct list dirs = {0};
	char path[PATH_MAX];
	enum own_kind kind;
	bool in_run;
	int r = own_list(&f->texts, "RuntimeDirectory", &dirs, &kind, e);

	for (unsigned i = 0; r == 0 && i < dirs.n; i++)
		r = list_add(service, e, "BindPaths=-/run/%.*s", (int)strcspn(dirs.v[i], ":"),
			     dirs.v[i]);
	if (r == 0 && has_pid_file(f, &in_run) &&
	    own_last(&f->texts, "Service", "PIDFile", path, sizeof(path))) {
		*strrchr(path, '/') = '\0';
		r = list_add(service, e, "BindPaths=-/run/%s", below_run(path));
	}
	list_free(&dirs);
	return r;
}

static int hide_run(const struct findings *f, struct list *service, struct err *e)
{
	return list_add(service, e, "TemporaryFileSystem=/run:ro") ||
			       list_add(service, e, "BindReadOnlyPaths=" RUN_SEEN) ||
			       list_add(service, e, "BindPaths=" RUN_DISKS) ||
			       add_own_run(f, service, e)
		       ? -1
		       : 0;
}

/* A colon in the fence's name would end the path. */
static int add_file(const struct findings *f, const char *file, struct list *service, struct err *e)
{
	char escaped[2 * FENCE_NAME_MAX + 1];
	size_t n = 0;

	for (const char *at = f->name; *at; at++) {
		if (*at == ':')
			escaped[n++] = '\\';
		escaped[n++] = *at;
	}
	escaped[n] = '\0';
	return list_add(service, e, "BindReadOnlyPaths=-" RUN_DIR "/%s/%s:/etc/%s", escaped, file,
			file);
}

/*
 * Its own part of /etc stays writable where it was. The two files of names may be missing: then the
 * unit finds no name, and its gate can say what is wrong.
 */
int dropin_private(const struct findings *f, struct list *service, struct err *e)
{
	char system[16];
	bool read_only = f->qbittorrent ||
			 (own_last(&f->texts, "Service", "ProtectSystem", system, sizeof(system)) &&
			  !dropin_is_looser(system, "full", SYSTEM_RANKS));

	if ((dropin_hides_run(f) && hide_run(f, service, e)) ||
	    list_add(service, e, "TemporaryFileSystem=/etc:ro") ||
	    list_add(service, e, "BindReadOnlyPaths=" ETC_FILES) ||
	    list_add(service, e, "BindReadOnlyPaths=" ETC_DIRS) ||
	    add_file(f, RESOLVER_CONF, service, e) || add_file(f, RESOLVER_SWITCH, service, e))
		return -1;
	for (unsigned i = 0; i < f->etc.n; i++)
		if (dropin_path(service, read_only ? "BindReadOnlyPaths" : "BindPaths", f->etc.v[i],
				e))
			return -1;
	return 0;
}
