// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel tells by netlink under libFuzzer: links, addresses, routes, rules, tc, traffic,
 * sockets.
 *
 * Owns: what must hold of it for every input: no byte behind a message is read (the piece is as
 * long as the input, so AddressSanitizer tells), and what is taken keeps the promises of its
 * header: names end, prefixes have no host bits and one family, nothing is more than there is room
 * for.
 *
 * The first byte of an input says whose reader it is for; a piece as recvmsg(2) returns it follows.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "guard_parse.h"
#include "inventory_parse.h"
#include "must.h"
#include "route_parse.h"
#include "rtnl.h"
#include "traffic.h"

#define CONFLICT 256

static struct inventory inv;
static struct guard_set guard;
static struct traffic_search traffic;
static struct route_set routes;
static char conflict[CONFLICT];
static const struct route_numbers numbers = {
	.mark = 0x100, .mask = 0xff00, .priority = 1000, .table = 1000};
static const struct route_reading reading = {&numbers, &routes, conflict};

static int link_of(void *c, const struct nlmsghdr *nlh, struct err *e)
{
	(void)c;
	return inventory_parse_link(&inv, nlh, e);
}

static int addr_of(void *c, const struct nlmsghdr *nlh, struct err *e)
{
	(void)c;
	return inventory_parse_addr(&inv, nlh, e);
}

static int onlink_of(void *c, const struct nlmsghdr *nlh, struct err *e)
{
	(void)c;
	return inventory_parse_route(&inv, nlh, e);
}

static int rule_of(void *c, const struct nlmsghdr *nlh, struct err *e)
{
	(void)c;
	return route_parse_rule(&reading, nlh, e);
}

static int route_of(void *c, const struct nlmsghdr *nlh, struct err *e)
{
	(void)c;
	return route_parse_route(&reading, nlh, e);
}

/* As guard_read() asks, but all in one piece. */
static int guard_of(void *c, const struct nlmsghdr *nlh, struct err *e)
{
	(void)c;
	switch (nlh->nlmsg_type) {
	case 16: /* RTM_NEWLINK */
		return guard_parse_link(&guard, nlh, e);
	case 36: /* RTM_NEWQDISC */
		return guard_parse_qdisc(&guard, nlh, e);
	default:
		return guard_parse_filter(&guard, nlh, e);
	}
}

static int traffic_of(void *c, const struct nlmsghdr *nlh, struct err *e)
{
	(void)c;
	return traffic_parse(&traffic, nlh, e);
}

static int socket_of(void *c, const struct nlmsghdr *nlh, struct err *e)
{
	u32 inode;

	(void)c;
	(void)e;
	return diag_parse(nlh, &inode) ? (int)(inode & 1) : 0;
}

static const rtnl_take readers[] = {link_of,  addr_of,	onlink_of,  rule_of,
				    route_of, guard_of, traffic_of, socket_of};

static void check_prefix(const struct prefix *p)
{
	union wgf_ip mask = ip_mask(p->len), under = ip_and(&p->addr, &mask);

	MUST(p->len <= 128);
	MUST(ip_equal(&under, &p->addr));
	MUST(!wgf_is_v4(&p->addr) || p->len >= 96);
}

static void check_links(void)
{
	for (unsigned i = 0; i < inv.n_links; i++) {
		size_t len = strnlen(inv.links[i].name, WGF_IFNAME);

		MUST(inv.links[i].ifindex > 0 && inv.links[i].ifindex <= INT32_MAX);
		MUST(len > 0 && len < WGF_IFNAME);
		MUST(memchr(inv.links[i].kind, 0, sizeof(inv.links[i].kind)));
	}
}

static void check_networks(void)
{
	for (unsigned i = 0; i < inv.n_addrs; i++) {
		MUST(inv.addrs[i].ifindex);
		check_prefix(&inv.addrs[i].network);
		MUST(wgf_is_v4(&inv.addrs[i].local) == wgf_is_v4(&inv.addrs[i].network.addr));
	}
	for (unsigned i = 0; i < inv.n_onlinks; i++) {
		MUST(inv.onlinks[i].ifindex);
		check_prefix(&inv.onlinks[i].network);
		MUST(!wgf_is_v4(&inv.onlinks[i].network.addr));
	}
}

static void check_routes(void)
{
	MUST(routes.n_rules <= ROUTE_MAX && routes.n_defaults <= ROUTE_MAX);
	MUST(memchr(conflict, 0, sizeof(conflict)));
	for (unsigned i = 0; i < routes.n_rules; i++) {
		const struct route_rule *r = &routes.rules[i];

		MUST(r->priority >= numbers.priority &&
		     r->priority < numbers.priority + ROUTE_PRIORITIES);
		check_prefix(&r->from);
		check_prefix(&r->to);
	}
	for (unsigned i = 0; i < routes.n_defaults; i++)
		MUST(routes.defaults[i].table == numbers.table);
}

static void check_guard(void)
{
	for (unsigned i = 0; i < guard.n_links; i++) {
		MUST(memchr(guard.links[i].name, 0, WGF_IFNAME));
		MUST(!(guard.links[i].clsact && guard.links[i].ingress));
	}
	for (unsigned i = 0; i < guard.n_filters; i++)
		MUST(guard.filters[i].handle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rtnl r = {.seq = 0};
	struct err e = {.text = ""};

	if (size < 1)
		return 0;
	r.piece = malloc(size - 1);
	MUST(r.piece);
	memcpy(r.piece, data + 1, size - 1);
	if (size > sizeof(struct nlmsghdr))
		r.seq = ((const struct nlmsghdr *)(const void *)r.piece)->nlmsg_seq;
	memset(&routes, 0, sizeof(routes));
	conflict[0] = '\0';
	guard = (struct guard_set){.label = "wgfence:f"};
	traffic = (struct traffic_search){.ifindex = 2};
	if (rtnl_parse(&r, size - 1, readers[data[0] % (sizeof(readers) / sizeof(readers[0]))],
		       NULL, &e) < 0)
		MUST(e.text[0] && memchr(e.text, 0, sizeof(e.text)));
	check_links();
	check_networks();
	check_routes();
	check_guard();
	inventory_free(&inv);
	guard_free(&guard);
	free(r.piece);
	return 0;
}
