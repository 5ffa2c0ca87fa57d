/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The truth table of the guard, which sees packets of anybody by other interfaces than the tunnel:
 * tests/unit judges its rows as facts, tests/bpf sends those that are no frames through the
 * program.
 *
 * Owns: the rows, in the form of packet_cases.h.
 */
#ifndef TEST_GUARD_CASES_H
#define TEST_GUARD_CASES_H

#include "hosts.h"
#include "policies.h"
#include "reasons.h"

struct guard_case {
	const char *name;
	enum which policy;
	u8 dev;
	u8 frame; /* of a member's packet socket */
	enum host source;
	u8 reason;
};

// clang-format off
static const struct guard_case guard_cases[] = {
	{"the tunnel's address by eth0",            FULL,       ETH0, 0, TUN,        WGF_TUNNEL_ADDRESS},
	{"the tunnel's address by eth1",            FULL,       ETH1, 0, TUN,        WGF_TUNNEL_ADDRESS},
	{"the tunnel's other address",              FULL,       ETH0, 0, TUN_OTHER,  WGF_TUNNEL_ADDRESS},
	{"the address below the tunnel's",          FULL,       ETH0, 0, TUN_BEFORE, WGF_CALL},
	{"the address above the tunnel's",          FULL,       ETH0, 0, TUN_AFTER,  WGF_CALL},
	{"an address that eth1 has, too",           FULL,       ETH1, 0, TUN_SHARED, WGF_CALL},
	{"the same by eth0",                        FULL,       ETH0, 0, TUN_SHARED, WGF_CALL},
	{"the host's own address",                  FULL,       ETH0, 0, ME,         WGF_CALL},
	{"somebody else's address",                 FULL,       ETH0, 0, PEER,       WGF_CALL},
	{"no address",                              FULL,       ETH0, 0, ZERO,       WGF_CALL},
	{"no tunnel: no address is its",            NO_TUNNEL,  ETH0, 0, TUN,        WGF_CALL},
	{"the tunnel lost its address",             NO_ADDRESS, ETH0, 0, TUN,        WGF_CALL},
	{"a member's frame",                        FULL,       ETH0, 1, ME,         WGF_PACKET_SOCKET},
	{"a member's frame, another's address",     FULL,       ETH0, 1, PEER,       WGF_PACKET_SOCKET},
	{"a member's frame, the tunnel's address",  FULL,       ETH0, 1, TUN,        WGF_PACKET_SOCKET},
	{"a member's frame, no tunnel",             NO_TUNNEL,  ETH0, 1, ME,         WGF_PACKET_SOCKET},
	{"the tunnel's address by the tunnel",      FULL,       WG0,  0, TUN,        WGF_CALL},
	{"a member's frame by the tunnel",          FULL,       WG0,  1, TUN,        WGF_CALL},
	{"no interface",                            FULL,       0,    0, TUN,        WGF_TUNNEL_ADDRESS},
	{"guard = off",                             NO_GUARD,   ETH0, 0, TUN,        WGF_CALL},
	{"guard = off, a member's frame",           NO_GUARD,   ETH0, 1, ME,         WGF_CALL},
	{"audit: no change of reason",              AUDIT,      ETH0, 0, TUN,        WGF_TUNNEL_ADDRESS},
	{"audit: a member's frame",                 AUDIT,      ETH0, 1, ME,         WGF_PACKET_SOCKET},
	{"empty: nobody's business",                EMPTY,      ETH0, 0, TUN,        WGF_CALL},
	{"empty: a member's frame",                 EMPTY,      ETH0, 1, ME,         WGF_CALL},
	{"not understood: nobody's business",       FOREIGN,    ETH0, 0, TUN,        WGF_CALL},
	{"not understood: a member's frame",        FOREIGN,    ETH0, 1, ME,         WGF_CALL},
};
// clang-format on

#endif
