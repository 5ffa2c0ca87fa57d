/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The facts: what a hook could read of one packet or one socket call.
 *
 * Owns: the struct between gathering (bpf/parse.h, bpf/calls.h, `explain`) and deciding
 * (bpf/verdict.h). Fields that a hook does not know are zero. `local` and `remote` instead of
 * source and destination: both directions then ask the same questions.
 */
#ifndef WGF_FACTS_H
#define WGF_FACTS_H

#include "policy.h"

enum wgf_hook {
	WGF_EGRESS,
	WGF_INGRESS,
	WGF_CONNECT,
	WGF_BIND,
	WGF_SOCK_CREATE,
	WGF_SETSOCKOPT,
	WGF_UNIX,  /* connect and send to a unix socket */
	WGF_GUARD, /* a packet of anybody that leaves by another interface than a tunnel */
	WGF_N_HOOKS
};

enum wgf_family { WGF_FAMILY_UNKNOWN = 0, WGF_IPV4 = 1, WGF_IPV6 = 2, WGF_N_FAMILIES };

#define WGF_TCP		6
#define WGF_UDP		17
#define WGF_SOCK_STREAM 1
#define WGF_SOCK_DGRAM	2

struct wgf_facts {
	union wgf_ip local;
	union wgf_ip remote;
	u64 netns;	/* sock_create: cookie of the socket's network namespace */
	u32 ifindex;	/* packets: the interface it leaves or came by */
	u16 local_port; /* calls: 0 where not chosen yet, which means any */
	u16 remote_port;
	u32 proto;  /* IPPROTO_*; MPTCP's 262 needs more than a byte */
	u16 type;   /* sock_create: SOCK_*; a raw socket can name TCP as its protocol */
	u8 family;  /* enum wgf_family */
	u8 opens;   /* TCP with SYN and without ACK: opens a connection */
	u8 problem; /* packets: the reason why it could not be read; 0 where it could */
	u8 joins;   /* setsockopt: joins a multicast or anycast group */
	u8 named;   /* unix: the configuration names the socket */
	u8 frame; /* guard: a frame that a member's packet socket made; setsockopt: lets such by */
};

WGF_INLINE int wgf_is_v4(const union wgf_ip *ip)
{
	return ip->q[0] == 0 && ip->w[2] == WGF_BE32(0xffff);
}

#endif
