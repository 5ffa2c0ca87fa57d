/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The addresses that the truth table speaks of, each in both families.
 *
 * Owns: their names. A host without an address in a family (IPv6 has no broadcast) leaves that
 * family out of the rows that name it.
 */
#ifndef TEST_HOSTS_H
#define TEST_HOSTS_H

#include <stddef.h>

// clang-format off
#define HOSTS(X)                                                                            \
	/* members' own, and their neighbours */                                            \
	X(TUN,            "10.8.0.2",        "fd08::2")                                     \
	X(TUN_BEFORE,     "10.8.0.1",        "fd08::1")                                     \
	X(TUN_AFTER,      "10.8.0.3",        "fd08::3")                                     \
	X(TUN_OTHER,      "10.8.7.4",        "fd08::7:4")                                   \
	X(TUN_SHARED,     "10.8.9.9",        "fd08::9:9") /* eth1 has it, too */             \
	X(ME,             "192.168.1.10",    "fd01::10")                                    \
	X(ME_ETH1,        "172.20.0.10",     "fd02::10")                                    \
	X(LOOP,           "127.0.0.1",       "::1")                                         \
	X(ZERO,           "0.0.0.0",         "::")                                          \
	/* the world, through the tunnel or past it */                                      \
	X(PEER,           "203.0.113.5",     "2001:db8::5")                                 \
	/* the network of eth0, named in [webui], and its edges */                          \
	X(LAN_HOST,       "192.168.1.20",    "fd01::20")                                    \
	X(ROUTER,         "192.168.1.1",     "fd01::1")                                     \
	X(LAN_FIRST,      "192.168.1.0",     "fd01::")                                      \
	X(LAN_LAST,       "192.168.1.255",   "fd01::ffff:ffff:ffff:ffff")                   \
	X(LAN_BEFORE,     "192.168.0.255",   "fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff")     \
	X(LAN_AFTER,      "192.168.2.0",     "fd01:0:0:1::")                                \
	X(ETH1_HOST,      "172.20.0.20",     "fd02::20")                                    \
	/* what rules name, and their neighbours */                                         \
	X(JELLY,          "192.168.1.30",    "fd01::30")                                    \
	X(JELLY_BEFORE,   "192.168.1.29",    "fd01::2f")                                    \
	X(JELLY_AFTER,    "192.168.1.31",    "fd01::31")                                    \
	X(RESOLVER,       "192.168.1.53",    "fd01::53")                                    \
	X(EDGE_FIRST,     "198.51.100.0",    "2001:db8:5:8000::")                           \
	X(EDGE_LAST,      "198.51.100.127",  "2001:db8:5:ffff:ffff:ffff:ffff:ffff")         \
	X(EDGE_BEFORE,    "198.51.99.255",   "2001:db8:5:7fff:ffff:ffff:ffff:ffff")         \
	X(EDGE_AFTER,     "198.51.100.128",  "2001:db8:6::")                                \
	X(GONE,           "198.51.100.200",  "2001:db8:5::200")                             \
	X(RULE_GROUP,     "239.1.2.3",       "ff05::5000")                                  \
	/* not unicast, and the edges of that */                                            \
	X(LOOP_FIRST,     "127.0.0.0",       NULL)                                          \
	X(LOOP_LAST,      "127.255.255.255", NULL)                                          \
	X(LOOP_BEFORE,    "126.255.255.255", NULL)                                          \
	X(LOOP_AFTER,     "128.0.0.0",       "::2")                                         \
	X(GROUP,          "239.255.255.250", "ff05::c")                                     \
	X(GROUP_FIRST,    "224.0.0.0",       "ff00::")                                      \
	X(GROUP_LAST,     "239.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")     \
	X(GROUP_BEFORE,   "223.255.255.255", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")     \
	X(GROUP_AFTER,    "240.0.0.0",       NULL)                                          \
	X(EVERYONE,       "255.255.255.255", NULL)                                          \
	X(EVERYONE_BEFORE,"255.255.255.254", NULL)                                          \
	X(LAN_ALL,        "192.168.1.255",   NULL) /* the broadcast address of eth0 */      \
	X(LAN_ALL_BEFORE, "192.168.1.254",   NULL)                                          \
	X(LAN_ALL_AFTER,  "192.168.2.0",     NULL)                                          \
	X(ETH1_ALL,       "172.20.255.255",  NULL)                                          \
	X(ZERO_NET,       "0.0.0.1",         NULL)                                          \
	X(ZERO_NET_LAST,  "0.255.255.255",   NULL)                                          \
	X(ZERO_NET_AFTER, "1.0.0.0",         NULL)                                          \
	X(MAPPED,         NULL,              "::fffe:203.0.113.5") /* nearly v4-mapped */
// clang-format on

enum host {
#define X(name, v4, v6) name,
	HOSTS(X)
#undef X
};

static const char *const host_text[][2] = {
#define X(name, v4, v6) {v4, v6},
	HOSTS(X)
#undef X
};

struct end {
	enum host host;
	unsigned short port;
};

#endif
