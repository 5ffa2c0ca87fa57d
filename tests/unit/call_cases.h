/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The truth table of socket calls.
 *
 * Owns: the rows for connect, bind, sock_create, setsockopt and unix, in the form of
 * packet_cases.h. The kernel runs no test of these hooks, so only tests/unit judges them here;
 * tests/net makes the calls.
 */
#ifndef TEST_CALL_CASES_H
#define TEST_CALL_CASES_H

#include "calls.h"
#include "hosts.h"
#include "policies.h"
#include "reasons.h"

struct address_case { /* connect: to `remote` from `port`; bind: to `remote` as the own address */
	const char *name;
	enum which policy;
	u8 hook;
	u32 proto;
	u16 own_port; /* connect */
	struct end end;
	u8 reason;
};

struct socket_case {
	const char *name;
	enum which policy;
	u32 proto;
	u16 type;
	u64 netns;
	u8 reason;
};

struct option_case {
	const char *name;
	enum which policy;
	u32 level, option;
	u8 reason;
};

struct unix_case {
	const char *name;
	enum which policy;
	u8 named;
	u8 reason;
};

#define R(r) WGF_##r

// clang-format off
static const struct address_case address_cases[] = {
	/* connect: only what egress drops on every interface is refused. */
	{"to the internet",                       FULL, WGF_CONNECT, WGF_TCP, 0, {PEER, 443},      R(TUNNEL)},
	{"to the internet, UDP",                  FULL, WGF_CONNECT, WGF_UDP, 0, {PEER, 6881},     R(TUNNEL)},
	{"to the LAN: by the tunnel perhaps",     FULL, WGF_CONNECT, WGF_TCP, 0, {LAN_HOST, 445},  R(TUNNEL)},
	{"a name query: by the tunnel perhaps",   FULL, WGF_CONNECT, WGF_UDP, 0, {PEER, 53},       R(TUNNEL)},
	{"NAT-PMP: by the tunnel perhaps",        FULL, WGF_CONNECT, WGF_UDP, 0, {TUN_BEFORE, 5351}, R(TUNNEL)},
	{"to what a rule names",                  FULL, WGF_CONNECT, WGF_TCP, 0, {JELLY, 8096},    R(RULE)},
	{"to what a rule with dev names",         FULL, WGF_CONNECT, WGF_TCP, 0, {EDGE_LAST, 443}, R(RULE)},
	{"to the address behind it",              FULL, WGF_CONNECT, WGF_TCP, 0, {EDGE_AFTER, 443}, R(TUNNEL)},
	{"from the WebUI port",                   FULL, WGF_CONNECT, WGF_TCP, 8080, {PEER, 443},   R(WEBUI_OPENS)},
	{"from the WebUI port to a rule's end",   FULL, WGF_CONNECT, WGF_TCP, 8080, {JELLY, 8096}, R(WEBUI_OPENS)},
	{"from the WebUI port, no WebUI",         NO_WEBUI, WGF_CONNECT, WGF_TCP, 8080, {PEER, 443}, R(TUNNEL)},
	{"from any port, no WebUI",               NO_WEBUI, WGF_CONNECT, WGF_TCP, 0, {PEER, 443},  R(TUNNEL)},
	{"from the port below the WebUI's",       FULL, WGF_CONNECT, WGF_TCP, 8079, {PEER, 443},   R(TUNNEL)},
	{"from the port above the WebUI's",       FULL, WGF_CONNECT, WGF_TCP, 8081, {PEER, 443},   R(TUNNEL)},
	{"from the WebUI's number in UDP",        FULL, WGF_CONNECT, WGF_UDP, 8080, {PEER, 443},   R(TUNNEL)},
	{"SCTP",                                  FULL, WGF_CONNECT, 132, 0, {PEER, 443},          R(TRANSPORT)},
	{"MPTCP",                                 FULL, WGF_CONNECT, 262, 0, {PEER, 443},          R(TRANSPORT)},
	{"UDP-Lite",                              FULL, WGF_CONNECT, 136, 0, {PEER, 443},          R(TRANSPORT)},
	{"loopback",                              FULL, WGF_CONNECT, WGF_TCP, 0, {LOOP, 445},      R(LOOPBACK)},
	{"the broadcast address of loopback",     FULL, WGF_CONNECT, WGF_UDP, 0, {LOOP_LAST, 445}, R(BROADCAST)},
	{"the address behind loopback",           FULL, WGF_CONNECT, WGF_TCP, 0, {LOOP_AFTER, 445}, R(TUNNEL)},
	{"loopback that a rule names",            FULL, WGF_CONNECT, WGF_TCP, 0, {LOOP, 9117},     R(RULE)},
	{"the port above the rule's",             FULL, WGF_CONNECT, WGF_TCP, 0, {LOOP, 9118},     R(LOOPBACK)},
	{"UDP where the rule says TCP",           FULL, WGF_CONNECT, WGF_UDP, 0, {LOOP, 9117},     R(LOOPBACK)},
	{"the stub resolver",                     FULL, WGF_CONNECT, WGF_UDP, 0, {LOOP, 53},       R(DNS)},
	{"this host: 0.0.0.0 and ::",             FULL, WGF_CONNECT, WGF_TCP, 0, {ZERO, 445},      R(LOOPBACK)},
	{"this host, where a rule names it",      FULL, WGF_CONNECT, WGF_TCP, 0, {ZERO, 9117},     R(RULE)},
	{"the network 0",                         FULL, WGF_CONNECT, WGF_TCP, 0, {ZERO_NET, 445},  R(UNSPECIFIED)},
	{"the address behind the network 0",      FULL, WGF_CONNECT, WGF_TCP, 0, {ZERO_NET_AFTER, 445}, R(TUNNEL)},
	{"a group",                               FULL, WGF_CONNECT, WGF_UDP, 0, {GROUP, 6881},    R(MULTICAST)},
	{"the address behind the groups",         FULL, WGF_CONNECT, WGF_UDP, 0, {GROUP_AFTER, 6881}, R(TUNNEL)},
	{"a group that a rule names",             FULL, WGF_CONNECT, WGF_UDP, 0, {RULE_GROUP, 5000}, R(RULE)},
	{"UPnP's group",                          FULL, WGF_CONNECT, WGF_UDP, 0, {GROUP, 1900},    R(PORT_MAPPING)},
	{"mDNS's group",                          FULL, WGF_CONNECT, WGF_UDP, 0, {GROUP, 5353},    R(LOCAL_DISCOVERY)},
	{"broadcast",                             FULL, WGF_CONNECT, WGF_UDP, 0, {EVERYONE, 6881}, R(BROADCAST)},
	{"a network's broadcast",                 FULL, WGF_CONNECT, WGF_UDP, 0, {ETH1_ALL, 6881}, R(BROADCAST)},
	{"the same by TCP, which has none",       FULL, WGF_CONNECT, WGF_TCP, 0, {ETH1_ALL, 6881}, R(TUNNEL)},
	{"discovery by a network's broadcast",    FULL, WGF_CONNECT, WGF_UDP, 0, {ETH1_ALL, 6771}, R(LOCAL_DISCOVERY)},
	{"no tunnel",                             NO_TUNNEL, WGF_CONNECT, WGF_TCP, 0, {PEER, 443}, R(NO_TUNNEL)},
	{"no tunnel, a connect rule",             NO_TUNNEL, WGF_CONNECT, WGF_TCP, 0, {JELLY, 8096}, R(RULE)},
	{"no tunnel, a connect rule with dev",    NO_TUNNEL, WGF_CONNECT, WGF_TCP, 0, {EDGE_FIRST, 443}, R(RULE)},
	{"no tunnel, the address behind it",      NO_TUNNEL, WGF_CONNECT, WGF_TCP, 0, {EDGE_AFTER, 443}, R(NO_TUNNEL)},
	{"no tunnel, the port above a rule's",    NO_TUNNEL, WGF_CONNECT, WGF_TCP, 0, {JELLY, 8097}, R(NO_TUNNEL)},
	{"no tunnel, from a serve rule's port",   NO_TUNNEL, WGF_CONNECT, WGF_UDP, 6882, {LAN_HOST, 40000}, R(RULE)},
	{"no tunnel, the own port still open",    NO_TUNNEL, WGF_CONNECT, WGF_UDP, 0, {LAN_HOST, 40000}, R(RULE)},
	{"no tunnel, from the port above it",     NO_TUNNEL, WGF_CONNECT, WGF_UDP, 6883, {LAN_HOST, 40000}, R(NO_TUNNEL)},
	{"no tunnel, who is not served",          NO_TUNNEL, WGF_CONNECT, WGF_UDP, 6882, {LAN_AFTER, 40000}, R(NO_TUNNEL)},
	{"no tunnel, a TCP serve rule won't open", NO_TUNNEL, WGF_CONNECT, WGF_TCP, 9091, {LAN_HOST, 40000}, R(NO_TUNNEL)},
	{"no tunnel, a name query",               NO_TUNNEL, WGF_CONNECT, WGF_UDP, 0, {ROUTER, 53}, R(DNS)},
	{"no tunnel, a resolver that a rule names", NO_TUNNEL, WGF_CONNECT, WGF_UDP, 0, {RESOLVER, 53}, R(RULE)},
	{"no tunnel, NAT-PMP",                    NO_TUNNEL, WGF_CONNECT, WGF_UDP, 0, {ROUTER, 5351}, R(PORT_MAPPING)},
	{"no tunnel, local discovery",            NO_TUNNEL, WGF_CONNECT, WGF_UDP, 0, {LAN_HOST, 6771}, R(LOCAL_DISCOVERY)},
	{"no tunnel, a network's broadcast",      NO_TUNNEL, WGF_CONNECT, WGF_UDP, 0, {ETH1_ALL, 6881}, R(BROADCAST)},
	{"no tunnel, a network's broadcast served", NO_TUNNEL, WGF_CONNECT, WGF_UDP, 6882, {LAN_ALL, 40000}, R(BROADCAST)},
	{"no tunnel, loopback",                   NO_TUNNEL, WGF_CONNECT, WGF_TCP, 0, {LOOP, 445}, R(LOOPBACK)},
	{"no tunnel, from the WebUI port",        NO_TUNNEL, WGF_CONNECT, WGF_TCP, 8080, {LAN_HOST, 40000}, R(WEBUI_OPENS)},
	{"the tunnel lost its address",           NO_ADDRESS, WGF_CONNECT, WGF_TCP, 0, {PEER, 443}, R(NO_TUNNEL)},
	{"audit: no change of reason",            AUDIT, WGF_CONNECT, WGF_TCP, 0, {LOOP, 445},     R(LOOPBACK)},
	{"empty",                                 EMPTY, WGF_CONNECT, WGF_TCP, 0, {PEER, 443},     R(NO_POLICY)},
	{"not understood",                        FOREIGN, WGF_CONNECT, WGF_TCP, 0, {PEER, 443},   R(NO_POLICY)},

	/* bind: nothing that makes the application believe in another interface's address. */
	{"the wildcard",                          FULL, WGF_BIND, WGF_UDP, 0, {ZERO, 6881},        R(CALL)},
	{"the wildcard, any port",                FULL, WGF_BIND, WGF_UDP, 0, {ZERO, 0},           R(CALL)},
	{"the tunnel's address",                  FULL, WGF_BIND, WGF_UDP, 0, {TUN, 6881},         R(CALL)},
	{"the tunnel's address, any port",        FULL, WGF_BIND, WGF_TCP, 0, {TUN, 0},            R(CALL)},
	{"the tunnel's other address",            FULL, WGF_BIND, WGF_UDP, 0, {TUN_OTHER, 6881},   R(CALL)},
	{"the address below the tunnel's",        FULL, WGF_BIND, WGF_UDP, 0, {TUN_BEFORE, 6881},  R(BIND_REFUSED)},
	{"the address above the tunnel's",        FULL, WGF_BIND, WGF_UDP, 0, {TUN_AFTER, 6881},   R(BIND_REFUSED)},
	{"the tunnel's address, no tunnel",       NO_TUNNEL, WGF_BIND, WGF_UDP, 0, {TUN, 6881},    R(BIND_REFUSED)},
	{"the LAN address",                       FULL, WGF_BIND, WGF_UDP, 0, {ME, 6881},          R(BIND_REFUSED)},
	{"the LAN address, any port",             FULL, WGF_BIND, WGF_TCP, 0, {ME, 0},             R(BIND_REFUSED)},
	{"loopback",                              FULL, WGF_BIND, WGF_UDP, 0, {LOOP, 6881},        R(BIND_REFUSED)},
	{"the network 0 is not the wildcard",     FULL, WGF_BIND, WGF_UDP, 0, {ZERO_NET, 6881},    R(BIND_REFUSED)},
	{"the WebUI's port at the LAN address",   FULL, WGF_BIND, WGF_TCP, 0, {ME, 8080},          R(CALL)},
	{"the WebUI's port at loopback",          FULL, WGF_BIND, WGF_TCP, 0, {LOOP, 8080},        R(CALL)},
	{"the port below the WebUI's",            FULL, WGF_BIND, WGF_TCP, 0, {ME, 8079},          R(BIND_REFUSED)},
	{"the port above the WebUI's",            FULL, WGF_BIND, WGF_TCP, 0, {ME, 8081},          R(BIND_REFUSED)},
	{"the WebUI's number in UDP",             FULL, WGF_BIND, WGF_UDP, 0, {ME, 8080},          R(BIND_REFUSED)},
	{"port 8080 where there is no WebUI",     NO_WEBUI, WGF_BIND, WGF_TCP, 0, {ME, 8080},      R(BIND_REFUSED)},
	{"a serve rule's port",                   FULL, WGF_BIND, WGF_TCP, 0, {ME, 9091},          R(CALL)},
	{"the port below the serve rule's",       FULL, WGF_BIND, WGF_TCP, 0, {ME, 9090},          R(BIND_REFUSED)},
	{"the port above the serve rule's",       FULL, WGF_BIND, WGF_TCP, 0, {ME, 9092},          R(BIND_REFUSED)},
	{"UDP where the serve rule says TCP",     FULL, WGF_BIND, WGF_UDP, 0, {ME, 9091},          R(BIND_REFUSED)},
	{"a serve rule's port, UDP",              FULL, WGF_BIND, WGF_UDP, 0, {LOOP, 6882},        R(CALL)},
	{"a connect rule's port",                 FULL, WGF_BIND, WGF_TCP, 0, {ME, 8096},          R(BIND_REFUSED)},
	{"a serve rule's port, no rules",         NO_RULES, WGF_BIND, WGF_TCP, 0, {ME, 9091},      R(BIND_REFUSED)},
	{"audit: no change of reason",            AUDIT, WGF_BIND, WGF_UDP, 0, {ME, 6881},         R(BIND_REFUSED)},
	{"empty",                                 EMPTY, WGF_BIND, WGF_UDP, 0, {ZERO, 0},          R(NO_POLICY)},
	{"not understood",                        FOREIGN, WGF_BIND, WGF_UDP, 0, {ZERO, 0},        R(NO_POLICY)},
};

static const struct socket_case socket_cases[] = {
	{"TCP",                          FULL, WGF_TCP, WGF_SOCK_STREAM, TEST_NETNS,     R(CALL)},
	{"UDP",                          FULL, WGF_UDP, WGF_SOCK_DGRAM,  TEST_NETNS,     R(CALL)},
	{"TCP without a tunnel",         NO_TUNNEL, WGF_TCP, WGF_SOCK_STREAM, TEST_NETNS, R(CALL)},
	{"raw, of protocol TCP",         FULL, WGF_TCP, 3 /* RAW */,     TEST_NETNS,     R(SOCKET_TYPE)},
	{"raw, of protocol UDP",         FULL, WGF_UDP, 3,               TEST_NETNS,     R(SOCKET_TYPE)},
	{"raw, header included",         FULL, 255,     3,               TEST_NETNS,     R(SOCKET_TYPE)},
	{"datagrams of protocol TCP",    FULL, WGF_TCP, WGF_SOCK_DGRAM,  TEST_NETNS,     R(SOCKET_TYPE)},
	{"a stream of protocol UDP",     FULL, WGF_UDP, WGF_SOCK_STREAM, TEST_NETNS,     R(SOCKET_TYPE)},
	{"ping",                         FULL, 1,       WGF_SOCK_DGRAM,  TEST_NETNS,     R(SOCKET_TYPE)},
	{"ping, IPv6",                   FULL, 58,      WGF_SOCK_DGRAM,  TEST_NETNS,     R(SOCKET_TYPE)},
	{"MPTCP",                        FULL, 262,     WGF_SOCK_STREAM, TEST_NETNS,     R(SOCKET_TYPE)},
	{"SMC",                          FULL, 256,     WGF_SOCK_STREAM, TEST_NETNS,     R(SOCKET_TYPE)},
	{"SCTP",                         FULL, 132,     WGF_SOCK_STREAM, TEST_NETNS,     R(SOCKET_TYPE)},
	{"UDP-Lite",                     FULL, 136,     WGF_SOCK_DGRAM,  TEST_NETNS,     R(SOCKET_TYPE)},
	{"TCP in the namespace below",   FULL, WGF_TCP, WGF_SOCK_STREAM, TEST_NETNS - 1, R(FOREIGN_NAMESPACE)},
	{"TCP in the namespace above",   FULL, WGF_TCP, WGF_SOCK_STREAM, TEST_NETNS + 1, R(FOREIGN_NAMESPACE)},
	{"UDP in no namespace",          FULL, WGF_UDP, WGF_SOCK_DGRAM,  0,              R(FOREIGN_NAMESPACE)},
	{"raw in a foreign namespace",   FULL, 255,     3,               TEST_NETNS + 1, R(FOREIGN_NAMESPACE)},
	{"a cookie equal in its low half", FULL, WGF_TCP, WGF_SOCK_STREAM, TEST_NETNS + (1ULL << 32), R(FOREIGN_NAMESPACE)},
	{"audit: no change of reason",   AUDIT, WGF_TCP, 3,              TEST_NETNS,     R(SOCKET_TYPE)},
	{"empty",                        EMPTY, WGF_TCP, WGF_SOCK_STREAM, TEST_NETNS,    R(NO_POLICY)},
	{"empty, no namespace",          EMPTY, WGF_TCP, WGF_SOCK_STREAM, 0,             R(NO_POLICY)},
	{"not understood",               FOREIGN, WGF_TCP, WGF_SOCK_STREAM, TEST_NETNS,  R(NO_POLICY)},
};

static const struct option_case option_cases[] = {
	{"IP_ADD_MEMBERSHIP",            FULL, WGF_SOL_IP,   35, R(MULTICAST_JOIN)},
	{"IP_DROP_MEMBERSHIP",           FULL, WGF_SOL_IP,   36, R(CALL)},
	{"IP_MULTICAST_TTL",             FULL, WGF_SOL_IP,   33, R(CALL)},
	{"IPV6_ADD_MEMBERSHIP",          FULL, WGF_SOL_IPV6, 20, R(MULTICAST_JOIN)},
	{"IPV6_DROP_MEMBERSHIP",         FULL, WGF_SOL_IPV6, 21, R(CALL)},
	{"IPV6_JOIN_ANYCAST",            FULL, WGF_SOL_IPV6, 27, R(MULTICAST_JOIN)},
	{"PACKET_QDISC_BYPASS",          FULL, WGF_SOL_PACKET, 20, R(PACKET_SOCKET)},
	{"no tunnel: PACKET_QDISC_BYPASS", NO_TUNNEL, WGF_SOL_PACKET, 20, R(PACKET_SOCKET)},
	{"XDP_TX_RING",                  FULL, WGF_SOL_XDP,  3, R(PACKET_SOCKET)},
	{"XDP_UMEM_REG",                 FULL, WGF_SOL_XDP,  4, R(PACKET_SOCKET)},
	{"audit: PACKET_QDISC_BYPASS",   AUDIT, WGF_SOL_PACKET, 20, R(PACKET_SOCKET)},
	{"no tunnel: MCAST_JOIN_GROUP",  NO_TUNNEL, WGF_SOL_IP, 42, R(MULTICAST_JOIN)},
	{"audit: no change of reason",   AUDIT, WGF_SOL_IP,  35, R(MULTICAST_JOIN)},
	{"empty: IP_ADD_MEMBERSHIP",     EMPTY, WGF_SOL_IP,  35, R(NO_POLICY)},
	{"empty: IP_MULTICAST_TTL",      EMPTY, WGF_SOL_IP,  33, R(NO_POLICY)},
	{"empty: IPV6_ADD_MEMBERSHIP",   EMPTY, WGF_SOL_IPV6, 20, R(NO_POLICY)},
	{"not understood",               FOREIGN, WGF_SOL_IP, 33, R(NO_POLICY)},
};

static const struct unix_case unix_cases[] = {
	{"a socket that is named",       FULL,      1, R(CALL)},
	{"a socket that is not named",   FULL,      0, R(UNIX_SOCKET)},
	{"no tunnel, named",             NO_TUNNEL, 1, R(CALL)},
	{"no tunnel, not named",         NO_TUNNEL, 0, R(UNIX_SOCKET)},
	{"audit: no change of reason",   AUDIT,     0, R(UNIX_SOCKET)},
	{"empty, named",                 EMPTY,     1, R(NO_POLICY)},
	{"not understood, named",        FOREIGN,   1, R(NO_POLICY)},
};
// clang-format on

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
