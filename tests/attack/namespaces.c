// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other namespaces, other cgroups, other root directories.
 *
 * Owns: the ways to get there. From there a datagram is sent.
 */
#include "attack.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_WAY_OUT     "the new namespace has no way out by itself"
#define ONLY_TRIED     "what comes then is in the other rows"
#define INNER	       "without a cgroup there that takes processes: one with controllers does not"
#define FLAG_IN_CGROUP 0x200000000ULL /* CLONE_INTO_CGROUP */

static void unshared(int flags)
{
	if (step("unshare", unshare(flags)))
		send_to(udp(0), &world.past[0]);
}

/* root there has all capabilities, there. */
static void raw_in_own(int family)
{
	int fd;

	if (!step("unshare", unshare(CLONE_NEWUSER | CLONE_NEWNET)))
		return;
	fd = socket(family, SOCK_RAW, family == AF_PACKET ? 0 : IPPROTO_ICMP);
	step("socket", fd);
}

/* A socket of the old one, and its capabilities. */
static void kept(int arg)
{
	int fd = udp(0);

	(void)arg;
	step("unshare", unshare(CLONE_NEWUSER | CLONE_NEWNET));
	send_to(fd, &world.past[0]);
}

static void entered(const char *ns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", world.outsider, ns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	step("open", fd);
	if (step("setns", setns(fd, 0)))
		send_to(udp(0), &world.past[0]);
}

static void entered_net(int arg)
{
	(void)arg;
	entered("net");
}

static void entered_cgroup(int arg)
{
	(void)arg;
	entered("cgroup");
}

static void entered_by_pidfd(int flags)
{
	int fd = (int)syscall(SYS_pidfd_open, world.outsider, 0);

	step("pidfd_open", fd);
	if (step("setns", setns(fd, flags)))
		send_to(udp(0), &world.past[0]);
}

static bool write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool well = step("open", fd) && step("write", write(fd, text, strlen(text)));

	if (fd >= 0)
		close(fd);
	return well;
}

/* "" is the fence's own; "/.." the one above. */
static void moved(const char *where, const char *file)
{
	char path[256];

	snprintf(path, sizeof(path), "%s%s/%s", world.cgroup, where, file);
	if (write_to(path, "0"))
		send_to(udp(0), &world.past[0]);
}

static void moved_up(int arg)
{
	(void)arg;
	moved("/..", "cgroup.procs");
}

static void moved_thread(int arg)
{
	(void)arg;
	moved("/..", "cgroup.threads");
}

static void moved_below(int arg)
{
	char path[256];

	(void)arg;
	snprintf(path, sizeof(path), "%s/attack", world.cgroup);
	step("mkdir", mkdir(path, 0755));
	moved("/attack", "cgroup.procs");
}

static void moved_by_own_mount(int arg)
{
	(void)arg;
	step("unshare", unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP));
	step("mount", mount("cgroup2", "/tmp", "cgroup2", 0, NULL));
	if (write_to("/tmp/cgroup.procs", "0"))
		send_to(udp(0), &world.past[0]);
}

static void cloned_into(int arg)
{
	struct {
		unsigned long long flags, pidfd, child_tid, parent_tid, exit_signal, stack,
			stack_size, tls, set_tid, set_tid_size, cgroup;
	} args = {.flags = FLAG_IN_CGROUP, .exit_signal = SIGCHLD};
	char path[256];
	long pid;
	int dir;

	(void)arg;
	snprintf(path, sizeof(path), "%s/..", world.cgroup);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	step("open", dir);
	args.cgroup = (unsigned)dir;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0) {
		send_to(udp(0), &world.past[0]);
		_exit(0);
	}
	if (step("clone3", pid))
		waitpid((pid_t)pid, NULL, 0);
}

static void root_of(int init)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root", init ? 1 : world.outsider);
	step("chdir", chdir(path));
	step("chroot", chroot("."));
}

static void own_mounts(int arg)
{
	(void)arg;
	step("unshare", unshare(CLONE_NEWUSER | CLONE_NEWNS));
	step("mount", mount("bpf", "/tmp", "bpf", 0, NULL));
}

const struct attempt namespace_attempts[] = {
	{.name = "unshare: a network namespace",
	 .run = unshared,
	 .arg = CLONE_NEWNET,
	 .unseen = NO_WAY_OUT},
	{.name = "unshare: a user and a network namespace",
	 .run = unshared,
	 .arg = CLONE_NEWUSER | CLONE_NEWNET,
	 .unseen = NO_WAY_OUT},
	{.name = "unshare: a user namespace", .run = unshared, .arg = CLONE_NEWUSER},
	{.name = "unshare: a cgroup namespace", .run = unshared, .arg = CLONE_NEWCGROUP},
	{.name = "unshare: a user and a cgroup namespace",
	 .run = unshared,
	 .arg = CLONE_NEWUSER | CLONE_NEWCGROUP},
	{.name = "unshare: a raw socket as root of a namespace",
	 .run = raw_in_own,
	 .arg = AF_INET,
	 .unseen = NO_WAY_OUT},
	{.name = "unshare: a packet socket as root of a namespace",
	 .run = raw_in_own,
	 .arg = AF_PACKET,
	 .unseen = NO_WAY_OUT},
	{.name = "unshare: with a socket of the old namespace", .run = kept},
	{.name = "setns: another process's network", .run = entered_net},
	{.name = "setns: another process's cgroup namespace", .run = entered_cgroup},
	{.name = "setns: another process's, by a pidfd",
	 .run = entered_by_pidfd,
	 .arg = CLONE_NEWNET},
	{.name = "a cgroup above, cgroup.procs", .run = moved_up, .unseen = INNER},
	{.name = "a cgroup above, cgroup.threads", .run = moved_thread, .unseen = INNER},
	{.name = "a cgroup above, clone3", .run = cloned_into, .unseen = INNER},
	{.name = "a cgroup below",
	 .run = moved_below,
	 .unseen = "in the tunnel, where the fence stands: whoever goes there is in it"},
	{.name = "a cgroup above, by a mount of its own", .run = moved_by_own_mount},
	{.name = "the root of process 1", .run = root_of, .arg = 1, .unseen = ONLY_TRIED},
	{.name = "the root of a process outside", .run = root_of, .unseen = ONLY_TRIED},
	{.name = "a bpffs of its own", .run = own_mounts, .unseen = ONLY_TRIED},
	{.name = NULL},
};
