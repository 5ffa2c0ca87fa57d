// SPDX-License-Identifier: GPL-2.0-only
#include "netns.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "apart.h"
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

static int ask(struct netns_bpf *skel, const struct apart *a, u64 *ret, struct err *e)
{
	struct bpf_link *link = bpf_program__attach_cgroup(skel->progs.wgf_netns, a->fd);
	int s, failed;

	if (!link)
		return err_errno(e, "cannot attach the program that reads the namespace's cookie");
	s = apart_socket(a, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, e);
	failed = s < 0 ? -1 : close(s);
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
	struct apart a;
	int failed = -1;

	if (!skel)
		return err_errno(e, "cannot load the program that reads the namespace's cookie");
	if (apart_open(&a, e) == 0) {
		failed = ask(skel, &a, ret, e);
		apart_close(&a);
	}
	netns_bpf__destroy(skel);
	return failed;
}
