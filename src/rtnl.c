// SPDX-License-Identifier: GPL-2.0-only
#include "rtnl.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* The kernel fills at most 32 KiB a piece; a single larger message would be refused, not cut. */
#define PIECE 65536

/*
 * One piece, from the kernel alone: a process with CAP_NET_ADMIN in this namespace could send here
 * too. Returns its length.
 */
static ssize_t receive(const struct rtnl *r, struct err *e)
{
	struct sockaddr_nl from;
	struct iovec iov = {.iov_base = r->piece, .iov_len = PIECE};
	struct msghdr msg;
	ssize_t n;

	do {
		msg = (struct msghdr){.msg_name = &from,
				      .msg_namelen = sizeof(from),
				      .msg_iov = &iov,
				      .msg_iovlen = 1};
		n = recvmsg(mnl_socket_get_fd(r->nl), &msg, 0);
	} while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid != 0));
	if (n < 0)
		return err_errno(e, "%s: receiving", r->bus);
	if (msg.msg_flags & MSG_TRUNC)
		return err_set(e, EXIT_FAILED, "%s: a message of more than %d bytes", r->bus,
			       PIECE);
	return n;
}

/* NLMSG_DONE and NLMSG_ERROR both begin with an errno, negative, or 0. */
static int status(struct rtnl *r, const struct nlmsghdr *nlh, struct err *e)
{
	const int *code = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*code))
		return err_set(e, EXIT_FAILED, "%s: an answer cut short", r->bus);
	if (*code == 0)
		return 0;
	errno = r->error = -*code;
	return err_errno(e, "%s: the kernel refused", r->bus);
}

/* libmnl takes a length of 2^31 and more for a negative one, and so for one that fits. */
static bool is_whole(const struct nlmsghdr *nlh, size_t left)
{
	return left >= sizeof(*nlh) && nlh->nlmsg_len >= sizeof(*nlh) && nlh->nlmsg_len <= left;
}

int rtnl_parse(struct rtnl *r, size_t n, rtnl_take take, void *context, struct err *e)
{
	const char *at = r->piece;
	size_t left = n, step;

	for (; is_whole((const void *)at, left); at += step, left -= step) {
		const struct nlmsghdr *nlh = (const void *)at;

		step = NLMSG_ALIGN(nlh->nlmsg_len) < left ? NLMSG_ALIGN(nlh->nlmsg_len) : left;
		if (nlh->nlmsg_seq != r->seq)
			return err_set(e, EXIT_FAILED, "%s: an answer to no question", r->bus);
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			r->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR)
			return status(r, nlh, e);
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && take(context, nlh, e) < 0)
			return -1;
	}
	return left == 0 ? 1 : err_set(e, EXIT_FAILED, "%s: a message cut short", r->bus);
}

static int nothing(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	(void)context;
	(void)nlh;
	(void)e;
	return 0;
}

static int ask(struct rtnl *r, struct nlmsghdr *nlh, rtnl_take take, void *context, struct err *e)
{
	int more;

	r->error = 0;
	nlh->nlmsg_seq = ++r->seq;
	if (mnl_socket_sendto(r->nl, nlh, nlh->nlmsg_len) < 0)
		return err_errno(e, "%s: asking", r->bus);
	do {
		ssize_t n = receive(r, e);

		more = n < 0 ? -1 : rtnl_parse(r, (size_t)n, take, context, e);
	} while (more > 0);
	return more;
}

int rtnl_dump(struct rtnl *r, u16 type, const void *head, size_t size, rtnl_take take,
	      void *context, struct err *e)
{
	char buf[NLMSG_SPACE(64)] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	memcpy(mnl_nlmsg_put_extra_header(nlh, size), head, size);
	return ask(r, nlh, take, context, e);
}

int rtnl_ask(struct rtnl *r, struct nlmsghdr *nlh, rtnl_take take, void *context, struct err *e)
{
	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	return ask(r, nlh, take, context, e);
}

int rtnl_change(struct rtnl *r, struct nlmsghdr *nlh, struct err *e)
{
	return rtnl_ask(r, nlh, nothing, NULL, e);
}

static struct mnl_socket *socket_on(int bus, unsigned groups)
{
	struct mnl_socket *nl = mnl_socket_open2(bus, SOCK_CLOEXEC);

	if (nl && mnl_socket_bind(nl, groups, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(nl);
		nl = NULL;
	}
	return nl;
}

struct mnl_socket *rtnl_socket(unsigned groups)
{
	return socket_on(NETLINK_ROUTE, groups);
}

/* The kernel then filters routes by table and type itself, which spares a router the rest. */
static int open_on(int bus, const char *name, struct rtnl *ret, struct err *e)
{
	struct rtnl r = {.nl = socket_on(bus, 0),
			 .bus = name,
			 .piece = malloc(PIECE),
			 .seq = (u32)time(NULL)};
	int strict = 1;

	if (r.nl && r.piece &&
	    mnl_socket_setsockopt(r.nl, NETLINK_GET_STRICT_CHK, &strict, sizeof(strict)) == 0) {
		*ret = r;
		return 0;
	}
	err_errno(e, "%s: preparing a socket", name);
	rtnl_close(&r);
	return -1;
}

int rtnl_open(struct rtnl *ret, struct err *e)
{
	return open_on(NETLINK_ROUTE, "rtnetlink", ret, e);
}

int rtnl_open_netfilter(struct rtnl *ret, struct err *e)
{
	return open_on(NETLINK_NETFILTER, "nfnetlink", ret, e);
}

void rtnl_close(struct rtnl *r)
{
	free(r->piece);
	if (r->nl)
		mnl_socket_close(r->nl);
	*r = (struct rtnl){0};
}
