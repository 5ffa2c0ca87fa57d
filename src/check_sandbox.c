// SPDX-License-Identifier: GPL-2.0-only
#include "check_sandbox.h"

#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init_dropin.h"
#include "init_property.h"

#define MAX_VALUE (2 * PATH_MAX)

/* Those that init writes. */
static const struct {
	const char *name;
	unsigned bit;
} capabilities[] = {
	{"CAP_NET_ADMIN", CAP_NET_ADMIN},
	{"CAP_NET_RAW", CAP_NET_RAW},
	{"CAP_SYS_ADMIN", CAP_SYS_ADMIN},
	{"CAP_SYS_MODULE", CAP_SYS_MODULE},
	{"CAP_SYS_RAWIO", CAP_SYS_RAWIO},
	{"CAP_SYS_PTRACE", CAP_SYS_PTRACE},
	{"CAP_MKNOD", CAP_MKNOD},
	{"CAP_SYS_BOOT", CAP_SYS_BOOT},
	{"CAP_BPF", CAP_BPF},
	{"CAP_PERFMON", CAP_PERFMON},
	{"CAP_NET_BIND_SERVICE", CAP_NET_BIND_SERVICE},
};

static unsigned long long caps_of(const char *words)
{
	unsigned long long set = 0;

	for (unsigned i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
		if (property_has(words, capabilities[i].name))
			set |= 1ULL << capabilities[i].bit;
	return set;
}

/* A low port's capability is given on purpose, on a line of its own. */
static bool caps_hold(const char *wanted, const char *has)
{
	unsigned long long set = strtoull(has, NULL, 10);

	if (*wanted == '~')
		return (set & caps_of(wanted + 1)) == 0;
	return (set & ~(1ULL << CAP_NET_BIND_SERVICE)) == 0;
}

/* A set of what is allowed, and nothing in it that init would not leave there. */
static bool families_hold(const char *has)
{
	static const char ours[] = "AF_INET AF_INET6 AF_UNIX AF_NETLINK";
	char copy[MAX_VALUE], *rest = copy, *word;

	if (*has == '~' || (size_t)snprintf(copy, sizeof(copy), "%s", has) >= sizeof(copy))
		return false;
	while ((word = strsep(&rest, " ")))
		if (*word && !property_has(ours, word))
			return false;
	return true;
}

/* systemd tells a set's calls, not its name; one call stands for each that init denies. */
static const char *call_of(const char *word)
{
	static const char *const sets[][2] = {
		{"@keyring", "request_key"}, {"@debug", "ptrace"},  {"@privileged", "chroot"},
		{"@mount", "mount"},	     {"@reboot", "reboot"}, {"@module", "init_module"},
		{"@swap", "swapon"},
	};

	for (unsigned i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (strcmp(word, sets[i][0]) == 0)
			return sets[i][1];
	return *word == '@' ? NULL : word;
}

/* A call may have an error number of its own behind it, "name:EPERM". */
static bool names_call(const char *set, const char *call)
{
	size_t len = strlen(call);

	while (*set) {
		size_t n = strcspn(set, " ");

		if (n >= len && strncmp(set, call, len) == 0 && (n == len || set[len] == ':'))
			return true;
		set += n + (set[n] == ' ');
	}
	return false;
}

static bool calls_hold(const char *wanted, const char *has)
{
	bool denies = *has == '~';
	char copy[MAX_VALUE], *rest = copy, *word;

	if (*wanted != '~')
		return !denies;
	snprintf(copy, sizeof(copy), "%s", wanted + 1);
	while ((word = strsep(&rest, " "))) {
		const char *call = call_of(word);

		if (call && names_call(has + denies, call) != denies)
			return false;
	}
	return true;
}

/* Of a mount only where it is; "-" (it may be missing) and backslashes are no part of a path. */
static bool path_is_among(const char *path, size_t len, const char *has)
{
	while (*has) {
		const char *at = has + strspn(has, "-+");
		size_t n = strcspn(at, " ");

		if (n >= len && strncmp(at, path, len) == 0 && (n == len || at[len] == ':'))
			return true;
		has = at + n + (at[n] == ' ');
	}
	return false;
}

static bool paths_hold(const char *wanted, const char *has, bool options)
{
	char copy[MAX_VALUE], *rest = copy, *word;
	size_t n = 0;

	for (; *wanted && n + 1 < sizeof(copy); wanted++)
		if (*wanted != '\\')
			copy[n++] = *wanted;
	copy[n] = '\0';
	while ((word = strsep(&rest, " "))) {
		word += strspn(word, "-+");
		if (*word && !path_is_among(word, options ? strcspn(word, ":") : strlen(word), has))
			return false;
	}
	return true;
}

/* Only the two files of names: the others let the unit see more, not less. */
static bool is_of_names(const char *wanted)
{
	return strstr(wanted, ":/etc/") != NULL;
}

bool sandbox_holds(const char *line, const struct list *properties)
{
	const char *wanted = strchr(line, '=') + 1, *has, *ranks;
	char key[64];

	snprintf(key, sizeof(key), "%.*s", (int)(wanted - line - 1), line);
	has = property_value(properties, key);
	if (!has)
		return true;
	ranks = dropin_ranks(key);
	if (ranks)
		return !*ranks || !dropin_is_looser(has, wanted, ranks);
	if (strcmp(key, "CapabilityBoundingSet") == 0 || strcmp(key, "AmbientCapabilities") == 0)
		return caps_hold(wanted, has);
	if (strcmp(key, "RestrictAddressFamilies") == 0)
		return families_hold(has);
	if (strcmp(key, "RestrictNamespaces") == 0)
		return strcmp(has, "0") == 0;
	if (strcmp(key, "SystemCallFilter") == 0)
		return calls_hold(wanted, has);
	if (strcmp(key, "SystemCallArchitectures") == 0)
		return !*wanted || strcmp(has, wanted) == 0;
	if (strcmp(key, "InaccessiblePaths") == 0)
		return paths_hold(wanted, has, false);
	if (strcmp(key, "TemporaryFileSystem") == 0)
		return paths_hold(wanted, has, true);
	if (strcmp(key, "BindReadOnlyPaths") == 0)
		return !is_of_names(wanted) || paths_hold(wanted, has, false);
	return strcmp(wanted, "yes") != 0 || strcmp(has, "yes") == 0;
}

const char *sandbox_why(const char *line)
{
	static const char *const why[][2] = {
		{"RestrictAddressFamilies=",
		 "AF_PACKET past traffic control, AF_XDP and AF_VSOCK meet no hook of the fence."},
		{"CapabilityBoundingSet=",
		 "With CAP_NET_RAW it can make frames, with CAP_NET_ADMIN or "
		 "CAP_SYS_ADMIN leave any fence."},
		{"AmbientCapabilities=",
		 "With CAP_NET_RAW it can make frames, with CAP_NET_ADMIN or "
		 "CAP_SYS_ADMIN leave any fence."},
		{"RestrictNamespaces=",
		 "In namespaces of its own it has all capabilities, and can put "
		 "another socket in the place of a named one."},
		{"SystemCallFilter=",
		 "request_key(2) has the kernel start a program outside; io_uring "
		 "gets around RestrictAddressFamilies=."},
		{"SystemCallArchitectures=", "Filters of system calls do not hold for another "
					     "architecture's."},
		{"TemporaryFileSystem=",
		 "It sees the host's resolv.conf, or helpers' sockets in /run, "
		 "which ask for it outside the fence."},
		{"BindReadOnlyPaths=", "It does not have the fence's own files for names."},
		{"InaccessiblePaths=",
		 "Pins, cgroups, sssd's sockets and RDMA devices are within its reach."},
		{"Delegate=", "It can make cgroups, and move its processes."},
	};

	for (unsigned i = 0; i < sizeof(why) / sizeof(why[0]); i++)
		if (strncmp(line, why[i][0], strlen(why[i][0])) == 0)
			return why[i][1];
	return "One wall less between the service and the host.";
}
