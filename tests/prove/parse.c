// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser, on every byte string of up to 128 bytes: it reads nothing behind what it asks for;
 * what it calls TCP or UDP, with which ports, is that by the RFCs (tests/unit/naive_packet.h reads
 * them a second time); and its facts are the ones that the other proofs assume.
 *
 * prove: -DEGRESS=1 -DETHERTYPE=WGF_ETH_IPV4 --unwind 130
 * prove: -DEGRESS=0 -DETHERTYPE=WGF_ETH_IPV4 --unwind 130
 * prove: -DEGRESS=1 -DETHERTYPE=WGF_ETH_IPV6 --unwind 130
 * prove: -DEGRESS=0 -DETHERTYPE=WGF_ETH_IPV6 --unwind 130
 * prove: -DEGRESS=1 --unwind 130
 */
#include "../unit/gather.h"
#include "../unit/lower.h"
#include "../unit/naive_packet.h"
#include "prove.h"

#ifndef ETHERTYPE
#define ETHERTYPE nondet_u16()
#endif

static bool same(const struct wgf_facts *a, const struct wgf_facts *b)
{
	return a->local.q[0] == b->local.q[0] && a->local.q[1] == b->local.q[1] &&
	       a->remote.q[0] == b->remote.q[0] && a->remote.q[1] == b->remote.q[1] &&
	       a->local_port == b->local_port && a->remote_port == b->remote_port &&
	       a->proto == b->proto && a->family == b->family && a->opens == b->opens;
}

int main(void)
{
	const struct wgf_bytes packet = nondet_bytes();
	struct wgf_facts f, expected;
	struct reading r;
	u16 ethertype = ETHERTYPE;
	u32 len = nondet_u8();

	assume(len <= sizeof(packet));
	f = gather(ethertype, packet.byte, len, EGRESS);
	r = naive_read(ethertype, packet.byte, len, EGRESS);
	claim(f.problem == r.problem, "why it cannot be judged");
	claim(is_packet(&f), "facts that the other proofs assume");
	if (!f.problem) {
		expected = lower_flight(&r.flight);
		claim(same(&f, &expected), "addresses, ports and flags");
	}
	return 0;
}
