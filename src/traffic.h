/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an interface has carried, as `ip -s link` shows it.
 *
 * Owns: asking rtnetlink for it. No part of the inventory: nothing is compiled from it.
 */
#ifndef WGF_TRAFFIC_H
#define WGF_TRAFFIC_H

#include <linux/netlink.h>
#include <stdbool.h>

#include "err.h"
#include "types.h"

/* Bytes, since the interface was made. */
struct traffic {
	u64 received, sent;
};

int traffic_read(u32 ifindex, struct traffic *ret, struct err *e);

struct traffic_search {
	u32 ifindex;
	bool found;
	struct traffic traffic;
};

/* Pure: one message of a dump of all interfaces. */
int traffic_parse(struct traffic_search *s, const struct nlmsghdr *nlh, struct err *e);

#endif
