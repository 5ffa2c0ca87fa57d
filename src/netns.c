// SPDX-License-Identifier: GPL-2.0-only
#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

/* The cgroup2 directory that this process is in. */
static int open_own_cgroup(struct err *e)
{
	char mount[PATH_MAX], path[2 * PATH_MAX + 1];
	char *own = file_text("/proc/self/cgroup", e), *mountinfo, *line = NULL;
	int fd = -1;

	if (!own)
		return -1;
	mountinfo = file_text("/proc/self/mountinfo", e);
	if (mountinfo && cgroup_find_mount(mountinfo, mount, sizeof(mount)))
		line = strncmp(own, "0::", 3) == 0 ? own : strstr(own, "\n0::");
	if (line) {
		line = strchr(line, ':') + 2;
		line[strcspn(line, "\n")] = '\0';
		snprintf(path, sizeof(path), "%s%s", mount, line);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (fd < 0)
		err_errno(e, "cannot open wgfence's own cgroup");
	free(mountinfo);
	free(own);
	return fd;
}

int netns_cookie_by_program(u64 *ret, struct err *e)
{
	struct netns_bpf *skel = netns_bpf__open_and_load();
	struct bpf_link *link = NULL;
	int cgroup, s = -1;

	if (!skel)
		return err_errno(e, "cannot load the program that reads the namespace's cookie");
	cgroup = open_own_cgroup(e);
	if (cgroup >= 0) {
		skel->bss->asking = (u32)getpid();
		link = bpf_program__attach_cgroup(skel->progs.wgf_netns, cgroup);
		s = link ? socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
		*ret = *(volatile u64 *)&skel->bss->cookie;
		if (s < 0 || *ret == 0)
			err_errno(e, "cannot read the network namespace's cookie");
		close(cgroup);
	}
	bpf_link__destroy(link);
	netns_bpf__destroy(skel);
	if (s < 0)
		return -1;
	close(s);
	return *ret ? 0 : -1;
}
