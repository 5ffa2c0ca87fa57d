// SPDX-License-Identifier: GPL-2.0-only
#include "apart.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "file.h"

static int own_cgroup(char *ret, size_t size, struct err *e)
{
	char *text = file_text("/proc/self/cgroup", e);
	bool found = text && cgroup_own_path(text, ret, size);

	free(text);
	return found ? 0 : err_set(e, EXIT_FAILED, "wgfence's own cgroup cannot be seen from here");
}

/*
 * A child of the root, which any process may enter. Nobody but who has CAP_DAC_OVERRIDE may make
 * one there; the daemon as a service has not, and takes a child of its own. A killed wgfence leaves
 * it empty behind; the next one with its process id takes it.
 */
int apart_open(struct apart *ret, struct err *e)
{
	char mount[PATH_MAX], own[PATH_MAX];

	if (cgroup_mount(mount, sizeof(mount), e))
		return -1;
	snprintf(ret->dir, sizeof(ret->dir), "%s/wgfence-%d", mount, getpid());
	if (mkdir(ret->dir, 0700) && errno == EACCES) {
		if (own_cgroup(own, sizeof(own), e))
			return -1;
		snprintf(ret->dir, sizeof(ret->dir), "%s%s/wgfence-%d", mount, own, getpid());
		mkdir(ret->dir, 0700);
	}
	ret->fd = open(ret->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ret->fd >= 0)
		return 0;
	err_errno(e, "cannot make %s", ret->dir);
	rmdir(ret->dir);
	return -1;
}

void apart_close(struct apart *a)
{
	close(a->fd);
	rmdir(a->dir);
}

union passed {
	char buf[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static int pass(int to, int fd)
{
	char byte = 0;
	struct iovec iov = {&byte, 1};
	union passed control = {.buf = {0}};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control.buf,
			     .msg_controllen = sizeof(control.buf)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(to, &msg, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static int take(int from)
{
	char byte;
	struct iovec iov = {&byte, 1};
	union passed control = {.buf = {0}};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control.buf,
			     .msg_controllen = sizeof(control.buf)};
	const struct cmsghdr *c;
	int fd = -1;

	if (recvmsg(from, &msg, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

/* By a child that enters the cgroup and is gone again. */
int apart_socket(const struct apart *a, int family, int type, struct err *e)
{
	int pair[2], fd, status;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return err_errno(e, "cannot make a pair of sockets");
	child = fork();
	if (child == 0) {
		int procs = openat(a->fd, "cgroup.procs", O_WRONLY | O_CLOEXEC);

		_exit(procs < 0 || write(procs, "0", 1) != 1 ||
		      (fd = socket(family, type, 0)) < 0 || pass(pair[1], fd));
	}
	close(pair[1]);
	fd = child > 0 ? take(pair[0]) : -1;
	close(pair[0]);
	if (child < 0 || waitpid(child, &status, 0) != child)
		err_errno(e, "cannot start a process");
	else if (fd >= 0)
		return fd;
	else
		err_set(e, EXIT_FAILED, "cannot make a socket in a cgroup of its own");
	if (fd >= 0)
		close(fd);
	return -1;
}
