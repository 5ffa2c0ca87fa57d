// SPDX-License-Identifier: GPL-2.0-only
#include "check_helper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "child.h"

#define CGROUP	   "wgfence-check-"
#define LIMIT_MSEC 10000

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

static socklen_t address_of(const struct call *c, union address *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (c->family == AF_UNIX) {
		/* Abstract, and of this process alone: nobody listens there. */
		ret->local.sun_family = AF_UNIX;
		return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				   (size_t)snprintf(ret->local.sun_path + 1,
						    sizeof(ret->local.sun_path) - 1,
						    CGROUP "%d-nobody", getpid()));
	}
	if (c->family == AF_INET) {
		ret->v4.sin_family = AF_INET;
		ret->v4.sin_port = htons(c->port);
		memcpy(&ret->v4.sin_addr, c->ip.b + 12, 4);
		return sizeof(ret->v4);
	}
	ret->v6.sin6_family = AF_INET6;
	ret->v6.sin6_port = htons(c->port);
	memcpy(&ret->v6.sin6_addr, c->ip.b, 16);
	return sizeof(ret->v6);
}

/*
 * The kernel looks at the length of a join's argument behind the cgroup's program: EPERM is ours,
 * EINVAL says that nobody asked.
 */
static int join(const struct call *c, int fd)
{
	return c->family == AF_INET ? setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, "", 1)
				    : setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, "", 1);
}

static int on_socket(struct call *c, int fd)
{
	socklen_t len = sizeof(c->mark);
	union address a;

	switch (c->kind) {
	case CALL_CONNECT:
	case CALL_UNIX:
		len = address_of(c, &a);
		return connect(fd, &a.any, len);
	case CALL_BIND:
		len = address_of(c, &a);
		return bind(fd, &a.any, len);
	case CALL_JOIN:
		return join(c, fd);
	case CALL_MARK:
		return getsockopt(fd, SOL_SOCKET, SO_MARK, &c->mark, &len);
	default:
		return 0;
	}
}

static void try_call(struct call *c)
{
	bool socket_itself = c->kind == CALL_SOCKET || c->kind == CALL_FOREIGN;
	int fd;

	c->error = -1;
	if (c->kind == CALL_FOREIGN && unshare(CLONE_NEWNET))
		return;
	fd = socket(c->family, c->type | SOCK_CLOEXEC, c->proto);
	if (fd < 0) {
		/* Where a kernel has no such family or protocol there is nothing to hold. */
		if (socket_itself && errno != EAFNOSUPPORT && errno != EPROTONOSUPPORT)
			c->error = errno;
		return;
	}
	c->error = on_socket(c, fd) ? errno : 0;
	close(fd);
}

/* Ends with its parent, whatever becomes of that. */
static void be_helper(int dir, pid_t parent, struct call *calls, unsigned n)
{
	int procs;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	procs = openat(dir, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (procs < 0 || write(procs, "0", 1) != 1)
		_exit(2);
	for (unsigned i = 0; i < n; i++)
		try_call(&calls[i]);
	_exit(0);
}

static int run_helper(int dir, struct call *shared, unsigned n, struct err *e)
{
	pid_t self = getpid(), child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0)
		be_helper(dir, self, shared, n);
	if (child < 0)
		return err_errno(e, "cannot start a process in the fence");
	status = child_ended(child, LIMIT_MSEC);
	if (status < 0)
		return err_set(e, EXIT_FAILED,
			       "a process in the fence's cgroup does not come to its end; is it "
			       "frozen?");
	return status == 0 ? 0
			   : err_set(e, EXIT_FAILED, "a process cannot enter the fence's cgroup");
}

/* One that was killed left an empty one; one that is at work has a process in its own. */
static void sweep(int cgroup)
{
	int fd = openat(cgroup, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (!d && fd >= 0)
		close(fd);
	while (d && (entry = readdir(d)))
		if (strncmp(entry->d_name, CGROUP, strlen(CGROUP)) == 0)
			unlinkat(cgroup, entry->d_name, AT_REMOVEDIR);
	if (d)
		closedir(d);
}

static int try_below(int cgroup, struct call *shared, unsigned n, struct err *e)
{
	char name[64];
	int dir, r;

	sweep(cgroup);
	snprintf(name, sizeof(name), CGROUP "%d", getpid());
	if (mkdirat(cgroup, name, 0700) && errno != EEXIST)
		return err_errno(e, "cannot make a cgroup in the fence");
	dir = openat(cgroup, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = dir < 0 ? err_errno(e, "cannot open a cgroup in the fence")
		    : run_helper(dir, shared, n, e);
	if (dir >= 0)
		close(dir);
	unlinkat(cgroup, name, AT_REMOVEDIR);
	return r;
}

int helper_try(int cgroup, struct call *calls, unsigned n, struct err *e)
{
	size_t size = n * sizeof(*calls);
	struct call *shared =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r;

	if (shared == MAP_FAILED)
		return err_errno(e, "no memory");
	memcpy(shared, calls, size);
	r = try_below(cgroup, shared, n, e);
	memcpy(calls, shared, size);
	munmap(shared, size);
	return r;
}
