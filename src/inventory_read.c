// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the inventory from the kernel, of the network namespace that the caller is in.
 *
 * Owns: one consistent picture, from several dumps. Must never interpret a message beyond its
 * header (inventory_parse.c does).
 *
 * A dump comes in pieces, and links or addresses may change between two of them: the kernel then
 * sets NLM_F_DUMP_INTR, and the picture is begun anew. So each dump is consistent; but between the
 * dumps a link may go and another take its number, and the addresses of the one would be put down
 * to the other: a device in the tunnel's place would be the tunnel. So links are watched from the
 * first dump to the last. The kernel tells of a link, with rtnl held, before it can have an
 * address.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inventory.h"
#include "inventory_parse.h"
#include "rtnl.h"

#define TRIES	 64
#define MAX_USEC 1000 /* between two readings: a burst of changes goes by */

static int take_link(void *inv, const struct nlmsghdr *nlh, struct err *e)
{
	return inventory_parse_link(inv, nlh, e);
}

static int take_addr(void *inv, const struct nlmsghdr *nlh, struct err *e)
{
	return inventory_parse_addr(inv, nlh, e);
}

static int take_route(void *inv, const struct nlmsghdr *nlh, struct err *e)
{
	return inventory_parse_route(inv, nlh, e);
}

static int dump_all(struct rtnl *r, struct inventory *inv, struct err *e)
{
	const struct ifinfomsg links = {.ifi_family = AF_UNSPEC};
	const struct ifaddrmsg addrs = {.ifa_family = AF_UNSPEC};
	const struct rtmsg routes = {
		.rtm_family = AF_INET6, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNICAST};

	r->interrupted = false;
	if (rtnl_dump(r, RTM_GETLINK, &links, sizeof(links), take_link, inv, e) < 0 ||
	    rtnl_dump(r, RTM_GETADDR, &addrs, sizeof(addrs), take_addr, inv, e) < 0)
		return -1;
	return rtnl_dump(r, RTM_GETROUTE, &routes, sizeof(routes), take_route, inv, e);
}

/* Did any link change since the last call? */
static bool links_changed(const struct mnl_socket *watch)
{
	bool changed = false;
	char byte;

	for (;;) {
		if (recv(mnl_socket_get_fd(watch), &byte, 1, MSG_DONTWAIT) < 0 &&
		    errno != ENOBUFS && errno != EINTR)
			return changed || errno != EAGAIN;
		changed = true;
	}
}

static int read_consistent(struct rtnl *r, const struct mnl_socket *watch, struct inventory *ret,
			   struct err *e)
{
	unsigned usec = 0;

	for (unsigned i = 0; i < TRIES; i++) {
		struct inventory inv = {0};
		int failed = dump_all(r, &inv, e);

		if (!failed && !links_changed(watch) && !r->interrupted) {
			*ret = inv;
			return 0;
		}
		inventory_free(&inv);
		if (failed)
			return -1;
		/* The first anew at once: mostly it was the second of two changes, and the last. */
		usleep(usec);
		usec = !usec ? 250 : 2 * usec < MAX_USEC ? 2 * usec : MAX_USEC;
	}
	return err_set(e, EXIT_FAILED,
		       "rtnetlink: interfaces or addresses changed during each of %d readings",
		       TRIES);
}

int inventory_read(struct inventory *ret, struct err *e)
{
	struct mnl_socket *watch = rtnl_socket(RTMGRP_LINK);
	struct rtnl r;
	int failed;

	if (!watch)
		return err_errno(e, "rtnetlink: preparing a socket");
	failed = rtnl_open(&r, e);
	if (!failed) {
		failed = read_consistent(&r, watch, ret, e);
		rtnl_close(&r);
	}
	mnl_socket_close(watch);
	return failed;
}
