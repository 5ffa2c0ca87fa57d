// SPDX-License-Identifier: GPL-2.0-only
#include "follow.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

struct mnl_socket *follow_open(struct err *e)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (nl && mnl_socket_bind(nl,
				  RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
					  RTMGRP_IPV6_ROUTE,
				  MNL_SOCKET_AUTOPID) == 0)
		return nl;
	err_errno(e, "cannot follow the interfaces");
	if (nl)
		mnl_socket_close(nl);
	return NULL;
}

int follow_drain(struct mnl_socket *nl, struct err *e)
{
	char buffer[8192];

	for (;;) {
		if (mnl_socket_recvfrom(nl, buffer, sizeof(buffer)) >= 0)
			continue;
		if (errno == EAGAIN)
			return 0;
		/* Lost or cut messages: what follows is a full dump anyway. */
		if (errno != ENOBUFS && errno != EINTR && errno != ENOSPC)
			return err_errno(e, "cannot follow the interfaces");
	}
}
