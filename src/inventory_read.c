// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the inventory from the kernel, of the network namespace that the caller is in.
 *
 * Owns: the rtnetlink dialogue. Must never interpret a message beyond its header
 * (inventory_parse.c does).
 *
 * A dump comes in pieces, and links or addresses may change between two of them: the kernel then
 * sets NLM_F_DUMP_INTR, and the picture is begun anew. So each dump is consistent; but between the
 * dumps a link may go and another take its number, and the addresses of the one would be put down
 * to the other: a device in the tunnel's place would be the tunnel. So links are watched from the
 * first dump to the last. The kernel tells of a link, with rtnl held, before it can have an
 * address.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "inventory.h"
#include "inventory_parse.h"

#define TRIES	 16
#define MAX_USEC 8000 /* between two readings: a burst of changes goes by */
/* The kernel fills at most 32 KiB a piece; a single larger message would be refused, not cut. */
#define PIECE 65536

typedef int (*parse_fn)(struct inventory *inv, const struct nlmsghdr *nlh, struct err *e);

struct dialogue {
	struct mnl_socket *nl, *watch;
	char *piece;
	u32 seq;
	bool interrupted;
};

/*
 * One piece, from the kernel alone: a process with CAP_NET_ADMIN in this namespace could send here
 * too. Returns its length.
 */
static ssize_t receive(const struct dialogue *d, struct err *e)
{
	struct sockaddr_nl from;
	struct iovec iov = {.iov_base = d->piece, .iov_len = PIECE};
	struct msghdr msg;
	ssize_t n;

	do {
		msg = (struct msghdr){.msg_name = &from,
				      .msg_namelen = sizeof(from),
				      .msg_iov = &iov,
				      .msg_iovlen = 1};
		n = recvmsg(mnl_socket_get_fd(d->nl), &msg, 0);
	} while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid != 0));
	if (n < 0)
		return err_errno(e, "rtnetlink: receiving");
	if (msg.msg_flags & MSG_TRUNC)
		return err_set(e, EXIT_FAILED, "rtnetlink: a message of more than %d bytes", PIECE);
	return n;
}

/* NLMSG_DONE and NLMSG_ERROR both begin with an errno, negative, or 0. */
static int status(const struct nlmsghdr *nlh, struct err *e)
{
	const int *code = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*code))
		return err_set(e, EXIT_FAILED, "rtnetlink: an answer cut short");
	if (*code == 0)
		return 0;
	errno = -*code;
	return err_errno(e, "rtnetlink: the kernel refused");
}

/* The messages of one piece. 1: there are more pieces; 0: that was the last. */
static int take(struct dialogue *d, ssize_t n, parse_fn parse, struct inventory *inv, struct err *e)
{
	const struct nlmsghdr *nlh = (const void *)d->piece;
	int left = (int)n;

	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_seq != d->seq)
			return err_set(e, EXIT_FAILED, "rtnetlink: an answer to no question");
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			d->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR)
			return status(nlh, e);
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && parse(inv, nlh, e) < 0)
			return -1;
	}
	return left == 0 ? 1 : err_set(e, EXIT_FAILED, "rtnetlink: a message cut short");
}

/* Asks for everything of one type; `head` is the type's fixed part. */
static int dump(struct dialogue *d, u16 type, const void *head, size_t size, parse_fn parse,
		struct inventory *inv, struct err *e)
{
	char buf[NLMSG_SPACE(64)] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	int more;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = ++d->seq;
	memcpy(mnl_nlmsg_put_extra_header(nlh, size), head, size);
	if (mnl_socket_sendto(d->nl, nlh, nlh->nlmsg_len) < 0)
		return err_errno(e, "rtnetlink: asking");
	do {
		ssize_t n = receive(d, e);

		more = n < 0 ? -1 : take(d, n, parse, inv, e);
	} while (more > 0);
	return more;
}

static int dump_all(struct dialogue *d, struct inventory *inv, struct err *e)
{
	const struct ifinfomsg links = {.ifi_family = AF_UNSPEC};
	const struct ifaddrmsg addrs = {.ifa_family = AF_UNSPEC};
	const struct rtmsg routes = {
		.rtm_family = AF_INET6, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNICAST};

	d->interrupted = false;
	if (dump(d, RTM_GETLINK, &links, sizeof(links), inventory_parse_link, inv, e) < 0 ||
	    dump(d, RTM_GETADDR, &addrs, sizeof(addrs), inventory_parse_addr, inv, e) < 0)
		return -1;
	return dump(d, RTM_GETROUTE, &routes, sizeof(routes), inventory_parse_route, inv, e);
}

/* Did any link change since the last call? */
static bool links_changed(const struct dialogue *d)
{
	bool changed = false;
	char byte;

	for (;;) {
		if (recv(mnl_socket_get_fd(d->watch), &byte, 1, MSG_DONTWAIT) < 0 &&
		    errno != ENOBUFS && errno != EINTR)
			return changed || errno != EAGAIN;
		changed = true;
	}
}

static int read_consistent(struct dialogue *d, struct inventory *ret, struct err *e)
{
	unsigned usec = 0;

	for (unsigned i = 0; i < TRIES; i++) {
		struct inventory inv = {0};
		int r = dump_all(d, &inv, e);

		if (r == 0 && !links_changed(d) && !d->interrupted) {
			*ret = inv;
			return 0;
		}
		inventory_free(&inv);
		if (r < 0)
			return -1;
		/* The first anew at once: mostly it was the second of two changes, and the last. */
		usleep(usec);
		usec = !usec ? 250 : 2 * usec < MAX_USEC ? 2 * usec : MAX_USEC;
	}
	return err_set(e, EXIT_FAILED,
		       "rtnetlink: interfaces or addresses changed during each of %d readings",
		       TRIES);
}

static struct mnl_socket *open_socket(unsigned groups)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	if (nl && mnl_socket_bind(nl, groups, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(nl);
		nl = NULL;
	}
	return nl;
}

int inventory_read(struct inventory *ret, struct err *e)
{
	struct dialogue d = {.seq = (u32)time(NULL)};
	int strict = 1, r = -1;

	d.watch = open_socket(RTMGRP_LINK);
	d.nl = open_socket(0);
	d.piece = malloc(PIECE);
	/* The kernel then filters routes by table and type itself, which spares a router the rest.
	 */
	if (!d.watch || !d.nl || !d.piece ||
	    mnl_socket_setsockopt(d.nl, NETLINK_GET_STRICT_CHK, &strict, sizeof(strict)) < 0)
		err_errno(e, "rtnetlink: preparing a socket");
	else
		r = read_consistent(&d, ret, e);
	free(d.piece);
	if (d.nl)
		mnl_socket_close(d.nl);
	if (d.watch)
		mnl_socket_close(d.watch);
	return r;
}
