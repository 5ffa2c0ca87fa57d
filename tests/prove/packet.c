// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet programs, whole: from the bytes of a packet and the policy in force to the answer.
 * What passes in enforcement is a packet of the three kinds, by what the RFCs say of its bytes.
 * Some of the bytes may be linear, so both the fast way and the other are taken.
 *
 * prove: -DEGRESS=1 -DLINEAR=0
 * prove: -DEGRESS=1 -DLINEAR=34
 * prove: -DEGRESS=1 -DLINEAR=54
 * prove: -DEGRESS=0 -DLINEAR=0
 * prove: -DEGRESS=0 -DLINEAR=54
 */
#include "kernel/account.h"

#include "../unit/lower.h"
#include "../unit/naive_packet.h"
#include "fence.bpf.c"
#include "plain.h"

static u8 linear[LINEAR + 1];

static struct __sk_buff any_skb(void)
{
	struct __sk_buff skb = {
		.protocol = nondet_u16(),
		.ifindex = nondet_u32(),
		.data = linear,
		.data_end = linear + LINEAR,
	};

	on_wire.len = nondet_u8();
	assume(on_wire.len <= sizeof(on_wire.in) && on_wire.len >= LINEAR);
	assume(is_interface(skb.ifindex));
	on_wire.in = nondet_bytes();
	for (u32 i = 0; i < LINEAR; i++)
		linear[i] = on_wire.in.byte[i];
	skb.len = on_wire.len;
	return skb;
}

static bool may_pass(const struct wgf_facts *f)
{
	u8 answers = EGRESS ? WGF_SERVE_RULE : WGF_CONNECT_RULE;
	u8 opens = EGRESS ? WGF_CONNECT_RULE : WGF_SERVE_RULE;

	if (plain_tunnel(&in_force, f))
		return (!EGRESS || plain_source(&in_force, f)) && !plain_webui(&in_force, f);
	if (plain_webui(&in_force, f))
		return plain_named(&in_force, f) && !(EGRESS && f->opens);
	return plain_ruled(&in_force, f, opens) ||
	       (plain_ruled(&in_force, f, answers) && !f->opens);
}

int main(void)
{
	struct __sk_buff skb = any_skb();
	struct wgf_facts f;
	struct reading r;
	int passes;

	in_force = nondet_policy();
	assume(in_force.layout != WGF_LAYOUT || policy_is_sound(&in_force));
	assume(in_force.mode == WGF_ENFORCE);
	passes = EGRESS ? wgf_egress_skb(&skb) : wgf_ingress_skb(&skb);
	claim(passes == 0 || passes == 1, "an answer that the hook knows");
	claim(account.counted == 1 && account.recorded == !passes, "counted once");
	claim(!passes || in_force.layout == WGF_LAYOUT, "nothing passes without a policy");
	r = naive_read(WGF_BE16(skb.protocol), on_wire.in.byte, on_wire.len, EGRESS);
	claim(!passes || !r.problem, "only TCP and UDP behind a plain header pass");
	if (passes && !r.problem) {
		f = lower_flight(&r.flight);
		f.ifindex = skb.ifindex;
		claim(may_pass(&f), "one of the three kinds");
	}
	return 0;
}
