// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet programs, around the verdict: it is asked once, of this program's hook, with the facts
 * that the RFCs say of the packet's bytes, and its answer is the program's. A packet that passes
 * without being asked about is one to which a fast way says yes by bytes that are there, which
 * fast.c proves of what it says. Some of the bytes may be linear, so both ways are taken.
 *
 * The verdict itself may answer anything here; egress.c and ingress.c prove of what it answers.
 *
 * prove: -DEGRESS=1 -DLINEAR=0 --unwind 112
 * prove: -DEGRESS=1 -DLINEAR=34 --unwind 112
 * prove: -DEGRESS=1 -DLINEAR=54 --unwind 112
 * prove: -DEGRESS=0 -DLINEAR=0 --unwind 112
 * prove: -DEGRESS=0 -DLINEAR=34 --unwind 112
 * prove: -DEGRESS=0 -DLINEAR=54 --unwind 112
 */
#include "kernel/account.h"

#include "../unit/lower.h"
#include "../unit/naive_packet.h"

static struct {
	u32 n, hook, reason;
	struct wgf_facts facts;
} asked;

static inline u32 any_verdict(const struct wgf_policy *p, const struct wgf_facts *f, u32 hook)
{
	claim(p == &in_force, "the policy in force");
	asked.n++;
	asked.hook = hook;
	asked.facts = *f;
	asked.reason = nondet_u8();
	assume(asked.reason < WGF_N_REASONS);
	return asked.reason;
}

#define wgf_verdict any_verdict
#include "fence.bpf.c"
#undef wgf_verdict

#define V4_BYTES (WGF_V4_LEN + WGF_FLAGS_LEN)
#define V6_BYTES (WGF_V6_LEN + WGF_FLAGS_LEN)

/* The programs compute addresses behind its end. What is there may be anything. */
static u8 linear[LINEAR + V6_BYTES];

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
	for (u32 i = 0; i < sizeof(linear); i++)
		linear[i] = i < LINEAR ? on_wire.in.byte[i] : nondet_u8();
	skb.len = on_wire.len;
	return skb;
}

static bool same(const struct wgf_facts *a, const struct wgf_facts *b)
{
	return !wgf_ip_differs(&a->local, &b->local) && !wgf_ip_differs(&a->remote, &b->remote) &&
	       a->local_port == b->local_port && a->remote_port == b->remote_port &&
	       a->proto == b->proto && a->family == b->family && a->opens == b->opens &&
	       a->ifindex == b->ifindex;
}

/* Not asked about: a fast way's yes, to bytes that are there. */
static void check_fast(const struct __sk_buff *skb, int passes)
{
	const u8 *bytes = on_wire.in.byte;
	u32 ethertype = WGF_BE16(skb->protocol);
	bool yes = false;

	if (ethertype == WGF_ETH_IPV4 && LINEAR >= V4_BYTES)
		yes = wgf_fast_v4(&in_force, skb->ifindex, bytes, EGRESS);
	else if (ethertype == WGF_ETH_IPV6 && LINEAR >= V6_BYTES)
		yes = wgf_fast_v6(&in_force, skb->ifindex, bytes, EGRESS);
	claim(yes && passes == 1, "the fast way's yes");
	claim(account.fast == 1 && account.hook == (EGRESS ? WGF_EGRESS : WGF_INGRESS) &&
		      account.family == (ethertype == WGF_ETH_IPV4 ? WGF_IPV4 : WGF_IPV6),
	      "counted as what it is");
}

static void check_asked(const struct __sk_buff *skb, int passes)
{
	struct reading r =
		naive_read(WGF_BE16(skb->protocol), on_wire.in.byte, on_wire.len, EGRESS);
	struct wgf_facts f;

	claim(asked.n == 1 && asked.hook == (EGRESS ? WGF_EGRESS : WGF_INGRESS),
	      "asked once, of this hook");
	claim(account.recorded == !wgf_allows(asked.reason), "drops are recorded");
	claim(asked.facts.problem == r.problem, "why it cannot be judged");
	if (!r.problem) {
		f = lower_flight(&r.flight);
		f.ifindex = skb->ifindex;
		claim(same(&asked.facts, &f), "the packet's facts");
	}
	if (in_force.mode == WGF_ENFORCE)
		claim(passes == !!wgf_allows(asked.reason), "the verdict's answer");
}

int main(void)
{
	struct __sk_buff skb = any_skb();
	int passes;

	in_force = nondet_policy();
	passes = EGRESS ? wgf_egress_skb(&skb) : wgf_ingress_skb(&skb);
	claim(passes == 0 || passes == 1, "an answer that the hook knows");
	claim(account.counted == 1, "counted once");
	if (asked.n)
		check_asked(&skb, passes);
	else
		check_fast(&skb, passes);
	return 0;
}
