// SPDX-License-Identifier: GPL-2.0-only
#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "file.h"
#include "netns.skel.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

int netns_cookie(u64 *ret, struct err *e)
{
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;
	socklen_t len = sizeof(*ret);

	if (s < 0)
		return err_errno(e, "cannot open a socket");
	err = getsockopt(s, SOL_SOCKET, SO_NETNS_COOKIE, ret, &len) ? errno : 0;
	close(s);
	if (err == ENOPROTOOPT)
		return netns_cookie_by_program(ret, e);
	errno = err;
	return err ? err_errno(e, "cannot read the network namespace's cookie") : 0;
}

static int own_cgroup(char *ret, size_t size, struct err *e)
{
	char *text = file_text("/proc/self/cgroup", e);
	bool found = text && cgroup_own_path(text, ret, size);

	free(text);
	return found ? 0 : err_set(e, EXIT_FAILED, "wgfence's own cgroup cannot be seen from here");
}

/*
 * A cgroup for this one question: a child of the root, which any process may enter. Nobody but who
 * has CAP_DAC_OVERRIDE may make one there; the daemon as a service has not, and takes a child of
 * its own. A killed wgfence leaves it empty behind; the next one with its process id takes it.
 */
static int make_cgroup(char *dir, size_t size, struct err *e)
{
	char mount[PATH_MAX], own[PATH_MAX];
	int fd;

	if (cgroup_mount(mount, sizeof(mount), e))
		return -1;
	snprintf(dir, size, "%s/wgfence-%d", mount, getpid());
	if (mkdir(dir, 0700) && errno == EACCES) {
		if (own_cgroup(own, sizeof(own), e))
			return -1;
		snprintf(dir, size, "%s%s/wgfence-%d", mount, own, getpid());
		mkdir(dir, 0700);
	}
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		err_errno(e, "cannot make %s", dir);
		rmdir(dir);
	}
	return fd;
}

/* By a child that enters the cgroup and is gone again. */
static int make_socket_in(int cgroup, struct err *e)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		int procs = openat(cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);

		_exit(procs < 0 || write(procs, "0", 1) != 1 ||
		      socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) < 0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return err_errno(e, "cannot start a process");
	if (status)
		return err_set(e, EXIT_FAILED, "cannot make a socket in a cgroup of its own");
	return 0;
}

static int ask(struct netns_bpf *skel, int cgroup, u64 *ret, struct err *e)
{
	struct bpf_link *link = bpf_program__attach_cgroup(skel->progs.wgf_netns, cgroup);
	int failed;

	if (!link)
		return err_errno(e, "cannot attach the program that reads the namespace's cookie");
	failed = make_socket_in(cgroup, e);
	bpf_link__destroy(link);
	*ret = *(volatile u64 *)&skel->bss->cookie;
	if (!failed && *ret == 0)
		return err_set(e, EXIT_UNSUPPORTED,
			       "new sockets are in no cgroup2 cgroup here: a cgroup v1 net_cls or "
			       "net_prio "
			       "hierarchy was used, which before Linux 5.15 lasts until the next "
			       "boot; boot "
			       "without it (systemd.unified_cgroup_hierarchy=1)");
	return failed;
}

int netns_cookie_by_program(u64 *ret, struct err *e)
{
	struct netns_bpf *skel = netns_bpf__open_and_load();
	char dir[2 * PATH_MAX + 32];
	int cgroup, failed = -1;

	if (!skel)
		return err_errno(e, "cannot load the program that reads the namespace's cookie");
	cgroup = make_cgroup(dir, sizeof(dir), e);
	if (cgroup >= 0) {
		failed = ask(skel, cgroup, ret, e);
		close(cgroup);
		rmdir(dir);
	}
	netns_bpf__destroy(skel);
	return failed;
}
