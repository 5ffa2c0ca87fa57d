/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connect call, and a packet of that connection.
 *
 * Owns: what is assumed of the packet: it has the call's destination and transport, TCP begins with
 * a bare SYN, and datagrams to the broadcast address of one of the host's networks do not go by a
 * tunnel (those of a socket that is bound to it would, and are refused all the same). (MPTCP would
 * differ, whose sockets sock_create refuses.)
 */
#ifndef WGF_PROVE_CALL_H
#define WGF_PROVE_CALL_H

#include "prove.h"

/* As connect_call() in bpf/fence.bpf.c gathers them. */
static inline struct wgf_facts any_connect(void)
{
	struct wgf_facts f = {
		.remote = nondet_ip(),
		.local_port = nondet_u16(),
		.remote_port = nondet_u16(),
		.proto = nondet_u32(),
	};

	f.family = wgf_is_v4(&f.remote) ? WGF_IPV4 : WGF_IPV6;
	wgf_this_host(&f.remote);
	return f;
}

/* From whatever source, by whatever interface and, where it is not chosen yet, from any port. */
static inline struct wgf_facts any_packet_of(const struct wgf_facts *call)
{
	struct wgf_facts f = *call;

	f.local = nondet_ip();
	f.ifindex = nondet_u32();
	if (!f.local_port)
		f.local_port = nondet_u16();
	f.opens = f.proto == WGF_TCP;
	f.problem = nondet_u8();
	assume(f.local_port && is_packet(&f));
	return f;
}

#endif
