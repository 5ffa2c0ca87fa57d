// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sandbox of the drop-in: a table, and how each kind of row meets what the unit has.
 *
 * Owns: which directives there are and for whom. Two groups: what could lead out of the fence is
 * for every service; the rest, tried with qbittorrent-nox alone, is for that. Must never write a
 * line that leaves the unit with more than it had.
 */
#include <stdio.h>
#include <string.h>

#include "init_dropin.h"
#include "init_own.h"

enum how {
	ON,	  /* a switch: written where the unit has it off, or not at all */
	EXACTLY,  /* written where the unit has anything but a plain yes */
	RANKED,	  /* written where the unit's word stands further left in `ranks` */
	CAPS,	  /* a set of capabilities that becomes empty */
	FAMILIES, /* a list of what is allowed, cut to ours */
	SYSCALLS, /* a list of what is allowed; where the unit has a list of its own, that decides
		   */
	RESTRICT, /* begun anew where the unit has another value */
	ALWAYS,	  /* a list that tightens with everything added to it */
};

enum whom {
	ANYBODY,
	ROOT,	     /* a service that runs as root */
	USER,	     /* one that does not */
	QBITTORRENT, /* and as a user */
};

#define MARKS                                                                         \
	"io_uring_setup io_uring_enter io_uring_register bpf perf_event_open ptrace " \
	"process_vm_readv process_vm_writev kcmp pidfd_getfd unshare setns userfaultfd"

/*
 * UMask= is not here: media servers read the downloads as others.
 */
static const struct row {
	const char *key, *value;
	enum how how;
	enum whom whom;
	const char *ranks;
} rows[] = {
	{"NoNewPrivileges", "yes", ON, ANYBODY, NULL},
	{"CapabilityBoundingSet", "", CAPS, USER, NULL},
	{"CapabilityBoundingSet",
	 "~CAP_NET_ADMIN CAP_NET_RAW CAP_SYS_ADMIN CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_PTRACE "
	 "CAP_MKNOD CAP_SYS_BOOT CAP_BPF CAP_PERFMON",
	 ALWAYS, ROOT, NULL},
	{"AmbientCapabilities", "", CAPS, ANYBODY, NULL},
	{"RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK", FAMILIES, ANYBODY, NULL},
	{"RestrictNamespaces", "yes", EXACTLY, ANYBODY, NULL},
	{"SystemCallArchitectures", "native", RESTRICT, ANYBODY, NULL},
	{"SystemCallFilter", "@system-service", SYSCALLS, QBITTORRENT, NULL},
	{"SystemCallFilter",
	 "~@keyring @debug @privileged @mount @module @raw-io @reboot @swap @obsolete "
	 "@cpu-emulation",
	 ALWAYS, QBITTORRENT, NULL},
	{"SystemCallFilter", "~" MARKS, ALWAYS, ANYBODY, NULL},
	{"SystemCallErrorNumber", "EPERM", RANKED, ANYBODY, ""},
	{"InaccessiblePaths", "-/sys/fs/bpf -/sys/fs/cgroup -/var/lib/sss/pipes -/dev/infiniband",
	 ALWAYS, USER, NULL},
	{"ProtectControlGroups", "yes", ON, ANYBODY, NULL},
	{"ProtectKernelTunables", "yes", ON, ANYBODY, NULL},
	{"ProtectKernelModules", "yes", ON, ANYBODY, NULL},
	{"Delegate", "no", RANKED, ANYBODY, "yes no"},
	{"PrivateUsers", "yes", ON, QBITTORRENT, NULL},
	{"PrivateDevices", "yes", ON, QBITTORRENT, NULL},
	{"DevicePolicy", "closed", RANKED, QBITTORRENT, "auto closed strict"},
	{"PrivateIPC", "yes", ON, QBITTORRENT, NULL},
	{"ProtectKernelLogs", "yes", ON, QBITTORRENT, NULL},
	{"ProtectClock", "yes", ON, QBITTORRENT, NULL},
	{"ProtectHostname", "yes", ON, QBITTORRENT, NULL},
	{"ProtectProc", "invisible", RANKED, QBITTORRENT, "default noaccess invisible ptraceable"},
	{"ProcSubset", "pid", RANKED, QBITTORRENT, "all pid"},
	{"KeyringMode", "private", RANKED, QBITTORRENT, "inherit shared private"},
	{"MemoryDenyWriteExecute", "yes", ON, QBITTORRENT, NULL},
	{"LockPersonality", "yes", ON, QBITTORRENT, NULL},
	{"RestrictRealtime", "yes", ON, QBITTORRENT, NULL},
	{"RestrictSUIDSGID", "yes", ON, QBITTORRENT, NULL},
};

/* The place of a word in a list; -1 where it is none of it. */
static int rank_of(const char *word, const char *ranks)
{
	size_t len = strlen(word);
	int rank = 0;

	for (const char *at = ranks; *at; rank++) {
		size_t n = strcspn(at, " ");

		if (n == len && strncmp(at, word, n) == 0)
			return rank;
		at += n + (at[n] == ' ');
	}
	return -1;
}

bool dropin_is_looser(const char *own, const char *wanted, const char *ranks)
{
	int rank = rank_of(own, ranks);

	if (rank < 0 && rank_of("yes", ranks) >= 0)
		rank = rank_of(own_is_on(own) ? "yes" : "no", ranks);
	return rank >= 0 && rank < rank_of(wanted, ranks);
}

/* A WebUI below 1024 needs this one, and the unit gives it on purpose. */
static bool binds_low_port(const struct findings *f)
{
	struct list caps = {0};
	enum own_kind kind;
	struct err e;
	bool low = own_list(&f->texts, "AmbientCapabilities", &caps, &kind, &e) == 0 &&
		   kind == OWN_ALLOWS && list_has(&caps, "CAP_NET_BIND_SERVICE");

	list_free(&caps);
	return low;
}

static int write_caps(const struct row *row, const struct findings *f, struct list *ret,
		      struct err *e)
{
	if (list_add(ret, e, "%s=", row->key))
		return -1;
	return binds_low_port(f) ? list_add(ret, e, "%s=CAP_NET_BIND_SERVICE", row->key) : 0;
}

/* What of ours stays where the unit denies some. */
static int write_less(const struct row *row, const struct list *denied, struct list *ret,
		      struct err *e)
{
	char ours[128], line[128] = "none", *rest = ours, *word;
	size_t n = 0;

	snprintf(ours, sizeof(ours), "%s", row->value);
	while ((word = strsep(&rest, " ")))
		if (!list_has(denied, word))
			n += (size_t)snprintf(line + n, sizeof(line) - n, "%s%s", n ? " " : "",
					      word);
	return list_add(ret, e, "%s=", row->key) || list_add(ret, e, "%s=%s", row->key, line);
}

static int write_families(const struct row *row, const struct findings *f, struct list *ret,
			  struct err *e)
{
	struct list own = {0};
	enum own_kind kind;
	int r = own_list(&f->texts, row->key, &own, &kind, e);

	if (r == 0 && kind == OWN_NONE)
		r = list_add(ret, e, "%s=%s", row->key, row->value);
	else if (r == 0 && kind == OWN_DENIES)
		r = write_less(row, &own, ret, e);
	/* Of an allowing list what is not ours is taken out, and nothing is put in. */
	for (unsigned i = 0; r == 0 && kind == OWN_ALLOWS && i < own.n; i++)
		if (rank_of(own.v[i], row->value) < 0)
			r = list_add(ret, e, "%s=~%s", row->key, own.v[i]);
	list_free(&own);
	return r;
}

static int write_syscalls(const struct row *row, const struct findings *f, struct list *ret,
			  struct err *e)
{
	struct list own = {0};
	enum own_kind kind;
	int r = own_list(&f->texts, row->key, &own, &kind, e);

	/* Into an allowing list ours would bring more; out of a denying one it would take some. */
	if (r == 0 && kind == OWN_NONE)
		r = list_add(ret, e, "%s=%s", row->key, row->value);
	list_free(&own);
	return r;
}

static int write_row(const struct row *row, const struct findings *f, struct list *ret,
		     struct err *e)
{
	char own[1024];
	bool has = own_last(&f->texts, "Service", row->key, own, sizeof(own)), tight = false;

	switch (row->how) {
	case CAPS:
		return write_caps(row, f, ret, e);
	case FAMILIES:
		return write_families(row, f, ret, e);
	case SYSCALLS:
		return write_syscalls(row, f, ret, e);
	case ON:
		tight = has && own_is_on(own);
		break;
	case EXACTLY:
		tight = has && own_is_yes(own);
		break;
	case RANKED:
		tight = has && !dropin_is_looser(own, row->value, row->ranks);
		break;
	case RESTRICT:
		tight = has && strcmp(own, row->value) == 0;
		if (has && !tight && list_add(ret, e, "%s=", row->key))
			return -1;
		break;
	case ALWAYS:
		break;
	}
	return tight ? 0 : list_add(ret, e, "%s=%s", row->key, row->value);
}

static bool is_for(const struct row *row, const struct findings *f)
{
	bool root = !f->user[0] || strcmp(f->user, "root") == 0 || strcmp(f->user, "0") == 0;

	/* A low port is bound by a capability of the host's user namespace. */
	if (strcmp(row->key, "PrivateUsers") == 0 && binds_low_port(f))
		return false;
	return row->whom == ANYBODY || (row->whom == ROOT && root) ||
	       (row->whom == USER && !root) ||
	       (row->whom == QBITTORRENT && !root && f->qbittorrent);
}

int dropin_sandbox(const struct findings *f, struct list *service, struct err *e)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (is_for(&rows[i], f) && write_row(&rows[i], f, service, e))
			return -1;
	return 0;
}

const char *dropin_ranks(const char *key)
{
	if (strcmp(key, "ProtectSystem") == 0)
		return SYSTEM_RANKS;
	if (strcmp(key, "ProtectHome") == 0)
		return HOME_RANKS;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i].key, key) == 0 && rows[i].ranks)
			return rows[i].ranks;
	return NULL;
}

bool dropin_is_wall(const char *key)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i].key, key) == 0 && rows[i].whom != QBITTORRENT)
			return true;
	return strcmp(key, "TemporaryFileSystem") == 0 || strcmp(key, "BindReadOnlyPaths") == 0;
}
