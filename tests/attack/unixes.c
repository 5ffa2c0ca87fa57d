// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs outside that are asked to send: over unix sockets, over the kernel's keyrings.
 *
 * Owns: the ways to ask. The outsider stands for resolved, nscd, D-Bus, a container engine; the
 * real ones are in systemd/54.
 */
#include "attack.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "outsider.h"

#define BEFORE_HOOKS "before 6.7: the kernel has no hook for unix sockets"
#define NOBODY	     "nobody is there who would send for it; the answer tells who could be asked"

static const char *question(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "send %u", mark.number);
	return text;
}

static void by_path(int type)
{
	outsider_ask(type, false, question());
	usleep(50000);
}

static void abstract(int type)
{
	outsider_ask(type, true, question());
	usleep(50000);
}

static void dgram_connected(int is_abstract)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	size_t n = outsider_name(SOCK_DGRAM, is_abstract, a.sun_path, sizeof(a.sun_path));
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	step("connect", connect(fd, (struct sockaddr *)&a,
				(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)));
	step("send", send(fd, question(), strlen(question()), 0));
	usleep(50000);
}

static const char *const well_known[] = {
	"/run/dbus/system_bus_socket",
	"/run/systemd/private",
	"/run/systemd/resolve/io.systemd.Resolve",
	"/run/nscd/socket",
	"/run/docker.sock",
	"/run/systemd/journal/stdout",
	"/run/systemd/notify",
	"/run/user/0/bus",
	"/run/wgfence/x/events",
	"/run/wireguard/wgft0.sock",
	"/run/systemd/userdb/io.systemd.Multiplexer",
};

static void to_well_known(int i)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, i == 6 ? SOCK_DGRAM : SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", well_known[i]);
	step("connect", connect(fd, (struct sockaddr *)&a, sizeof(a)));
}

/* For which the kernel starts /sbin/request-key, as root and outside of all cgroups. */
static void by_keyring(int arg)
{
	char name[32];

	(void)arg;
	snprintf(name, sizeof(name), "attack-%u.example", mark.number);
	step("request_key", syscall(SYS_request_key, "dns_resolver", name, "", -3));
}

static void by_user_key(int arg)
{
	char name[32];

	(void)arg;
	snprintf(name, sizeof(name), "attack=%04u;", mark.number);
	step("request_key", syscall(SYS_request_key, "user", name, name, -3));
	usleep(100000);
}

/* The kernel gives the dump to whatever core_pattern names. */
static void by_crash(int arg)
{
	(void)arg;
	say("abort");
	die_with_answer(SIGABRT);
}

#define KNOWN(title, i)                                                                         \
	{                                                                                       \
		.name = "connect to " title, .run = to_well_known, .arg = (i), .unseen = NOBODY \
	}

const struct attempt unix_attempts[] = {
	{.name = "a helper by a path, stream",
	 .run = by_path,
	 .arg = SOCK_STREAM,
	 .excluded = BEFORE_HOOKS},
	{.name = "a helper by a path, datagrams",
	 .run = by_path,
	 .arg = SOCK_DGRAM,
	 .excluded = BEFORE_HOOKS},
	{.name = "a helper by a path, connected datagrams",
	 .run = dgram_connected,
	 .excluded = BEFORE_HOOKS},
	{.name = "a helper by a path, packets",
	 .run = by_path,
	 .arg = SOCK_SEQPACKET,
	 .excluded = BEFORE_HOOKS},
	{.name = "a helper by an abstract name, stream",
	 .run = abstract,
	 .arg = SOCK_STREAM,
	 .excluded = BEFORE_HOOKS,
	 .open = BEFORE_HOOKS},
	{.name = "a helper by an abstract name, datagrams",
	 .run = abstract,
	 .arg = SOCK_DGRAM,
	 .excluded = BEFORE_HOOKS,
	 .open = BEFORE_HOOKS},
	{.name = "a helper by an abstract name, connected datagrams",
	 .run = dgram_connected,
	 .arg = 1,
	 .excluded = BEFORE_HOOKS,
	 .open = BEFORE_HOOKS},
	{.name = "a helper by an abstract name, packets",
	 .run = abstract,
	 .arg = SOCK_SEQPACKET,
	 .excluded = BEFORE_HOOKS,
	 .open = BEFORE_HOOKS},
	KNOWN("D-Bus", 0),
	KNOWN("systemd", 1),
	KNOWN("systemd-resolved, varlink", 2),
	KNOWN("nscd", 3),
	KNOWN("a container engine", 4),
	KNOWN("the journal", 5),
	KNOWN("the notify socket", 6),
	KNOWN("root's session bus", 7),
	KNOWN("the fence's own events", 8),
	KNOWN("WireGuard in user space", 9),
	KNOWN("userdb", 10),
	{.name = "request_key, dns_resolver", .run = by_keyring, .unseen = NOBODY},
	{.name = "request_key, user", .run = by_user_key, .unseen = NOBODY},
	{.name = "a crash, for core_pattern", .run = by_crash, .unseen = NOBODY},
	{.name = NULL},
};
