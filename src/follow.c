// SPDX-License-Identifier: GPL-2.0-only
#include "follow.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <sys/socket.h>

#include "types.h"

/* rtnetlink.h has names of these for groups up to the 18th only. */
#define RTMGRP_IPV6_RULE (1U << (RTNLGRP_IPV6_RULE - 1))

/*
 * Of IPv4 routes only those of tables above 255, where ours are: a host that routes may have a
 * thousand changes a second. A notification is one message, whose header is 16 bytes; a socket
 * filter reads half-words in network byte order.
 */
static int filter_routes(const struct mnl_socket *nl)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WGF_BE16(RTM_NEWROUTE), 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WGF_BE16(RTM_DELROUTE), 0, 4),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
			 NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_family)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 0, 2),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
			 NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_table)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RT_TABLE_COMPAT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, ~0U),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	return setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program));
}

struct mnl_socket *follow_open(struct err *e)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (nl && filter_routes(nl) == 0 &&
	    mnl_socket_bind(nl,
			    RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
				    RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | RTMGRP_IPV4_RULE |
				    RTMGRP_IPV6_RULE | RTMGRP_TC,
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
