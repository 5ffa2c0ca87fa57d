/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WireGuard: what an interface says of its peers.
 *
 * Owns: asking the kernel's WireGuard by generic netlink, wireguard-go and its like by their
 * socket. Must never change a setting, nor keep a key: both answers have the private one in them.
 */
#ifndef WGF_WG_H
#define WGF_WG_H

#include <linux/netlink.h>

#include "inventory.h"

/* Providers that exclude networks name the rest by hundreds of prefixes. */
#define WG_MAX_ALLOWED 1024

struct wg {
	u64 handshake; /* the youngest of all peers, seconds since 1970; 0: there was none */
	unsigned n_allowed;
	bool more;			       /* of them than fit */
	struct prefix allowed[WG_MAX_ALLOWED]; /* what the peers stand for */
};

/* 1: read. 0: the interface is no WireGuard. -1: it cannot be told. */
int wg_read(const struct link *l, struct wg *ret, struct err *e);

/* The two halves: 0 or -1. */
int wg_read_kernel(const char *ifname, struct wg *ret, struct err *e);
int wg_read_socket(const char *path, struct wg *ret, struct err *e);

/* Pure: a whole answer of the socket; it is taken apart in place. One message of the kernel's. */
int wg_parse_answer(char *text, struct wg *ret, struct err *e);
int wg_parse_message(const struct nlmsghdr *nlh, struct wg *ret, struct err *e);

void wg_allow(struct wg *wg, const struct prefix *p);

#endif
