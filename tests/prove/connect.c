// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connect is never stricter than egress: what it refuses, no packet of that connection could have
 * done, from whatever source, by whatever interface and, where the own port is not chosen yet, from
 * whatever port.
 *
 * Assumed of the packet: it has the call's destination and transport, and TCP begins with a bare
 * SYN. (MPTCP would differ, whose sockets sock_create refuses.)
 *
 * prove: -DFAMILY=WGF_IPV4
 * prove: -DFAMILY=WGF_IPV6
 */
#include "prove.h"

/* As connect_call() in bpf/fence.bpf.c gathers them. */
static struct wgf_facts any_connect(void)
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

static struct wgf_facts any_packet_of(const struct wgf_facts *call)
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

int main(void)
{
	struct wgf_policy policy = any_sound_policy();
	struct wgf_facts call = any_connect(), packet;

	assume(call.family == FAMILY);
	packet = any_packet_of(&call);
	if (!wgf_allows(wgf_verdict(&policy, &call, WGF_CONNECT)))
		claim(!wgf_allows(wgf_verdict(&policy, &packet, WGF_EGRESS)),
		      "egress drops what connect refuses");
	return 0;
}
