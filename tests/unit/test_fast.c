// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fast way against the whole verdict, on some millions of random packets.
 *
 * Owns: when exactly the fast way says yes. Broken on the one side, something leaves that the
 * verdict would have dropped; on the other, the fast way is none. And that the guard's fast way
 * passes nothing that the guard would drop, whatever link header there is, and most of the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fast.h"
#include "gather.h"
#include "random_packet.h"
#include "verdict.h"

#define FENCES	10000
#define PACKETS 200 /* a fence */

static struct fence_spec spec;
static struct wgf_policy policy;
static unsigned yes[2][2][2]; /* [IPv6][egress][TCP], so that it holds of something */

static unsigned least(bool v6)
{
	return (v6 ? WGF_V6_LEN : WGF_V4_LEN) + WGF_FLAGS_LEN;
}

static unsigned asked[2], passed[2]; /* the guard: [Ethernet] */

/* As the programs ask: only with enough bytes, of which it is given no more. */
static int fast(const struct packet *p, bool v6, u32 ifindex)
{
	u8 *h;
	int answer;

	if (p->len < least(v6))
		return 0;
	h = memcpy(malloc(least(v6)), p->byte, least(v6));
	answer = v6 ? wgf_fast_v6(&policy, ifindex, h, p->egress)
		    : wgf_fast_v4(&policy, ifindex, h, p->egress);
	free(h);
	return answer;
}

/* The first source of the packet's family: the only one that the fast way knows. */
static const struct wgf_source *first_source(bool v6)
{
	for (u32 i = 0; i < policy.n_sources; i++)
		if (wgf_is_v4(&policy.sources[i].addr) != v6)
			return &policy.sources[i];
	return NULL;
}

static bool should_be_fast(const struct packet *p, const struct wgf_facts *f, bool v6)
{
	const struct wgf_source *s = first_source(v6);

	if (p->len < least(v6) || !s || s->ifindex != f->ifindex)
		return false;
	if (wgf_verdict(&policy, f, p->egress ? WGF_EGRESS : WGF_INGRESS) != WGF_TUNNEL)
		return false;
	if (!v6 && p->egress && f->remote.b[12] >= 240) /* 240.0.0.0/4, which is nobody's */
		return false;
	if (v6 && (!f->local.q[0] || !f->remote.q[0]))
		return false;
	return !p->egress || ip_equal(&f->local, &s->addr);
}

static void check_packet(void)
{
	struct wgf_facts f;
	struct packet p;
	u32 ifindex = random_packet(&p, &spec);
	bool v6, wanted;

	mutate_packet(&p);
	if (one_in(16))
		ifindex = 0; /* no interface */
	if (p.ethertype != WGF_ETH_IPV4 && p.ethertype != WGF_ETH_IPV6)
		return;
	v6 = p.ethertype == WGF_ETH_IPV6;
	f = gather(p.ethertype, p.byte, p.len, p.egress);
	f.ifindex = ifindex;
	wanted = should_be_fast(&p, &f, v6);
	if (fast(&p, v6, ifindex) != wanted)
		fail_msg("IPv%d, %s: the fast way says %s", v6 ? 6 : 4, p.egress ? "out" : "in",
			 wanted ? "no" : "yes");
	if (wanted)
		yes[v6][p.egress][f.proto == WGF_TCP]++;
}

static void test_says_yes_where_the_verdict_is_tunnel(void **state)
{
	(void)state;
	for (unsigned i = rounds(FENCES); i > 0; i--) {
		random_fence(&spec);
		lower_fence(&spec, &policy);
		if (one_in(8))
			policy.layout = (u32)random_u64();
		for (unsigned k = 0; k < PACKETS; k++)
			check_packet();
	}
	for (unsigned i = 0; i < 8; i++)
		assert_int_not_equal(yes[i >> 2][i >> 1 & 1][i & 1], 0);
}

/*
 * An address of the policy, or one that looks, without a link header, as if Ethernet were there; in
 * IPv6 also the policy's own, IPv4 among them.
 */
static struct address some_source(bool v6)
{
	struct address a = some_address(&spec, v6);

	if (one_in(4)) {
		a.byte[v6 ? 4 : 0] = v6 ? 0x86 : 8;
		a.byte[v6 ? 5 : 1] = v6 ? 0xdd : 0;
	}
	if (v6 && spec.n_own && one_in(4)) { /* IPv4 inside IPv6 */
		union wgf_ip own = lower_address(&spec.own[random_below(spec.n_own)].address);

		memcpy(a.byte, own.b, sizeof(a.byte));
	}
	return a;
}

/* With the 14 bytes of Ethernet before the IP header, of which the last two are the ethertype. */
static void check_guard(bool ethernet)
{
	const unsigned link = ethernet ? WGF_ETH_LEN : 0;
	bool v6 = one_in(2), passes;
	u16 ethertype = WGF_BE16(v6 ? WGF_ETH_IPV6 : WGF_ETH_IPV4);
	struct flight flight = random_flight(&spec);
	struct wgf_facts f;
	u8 bytes[128] __attribute__((aligned(8))) = {0}, *frame = bytes + 2; /* as in an skb */

	flight.local = some_source(v6);
	f = lower_flight(&flight);
	f.family = v6 ? WGF_IPV6 : WGF_IPV4;
	if (ethernet)
		memcpy(frame + link - 2, &ethertype, 2);
	frame[link] = v6 ? 0x60 : 0x45;
	memcpy(frame + link + (v6 ? 8 : 12), flight.local.byte, v6 ? 16 : 4);
	passes = v6 ? wgf_fast_guard_v6(&policy, frame) : wgf_fast_guard_v4(&policy, frame);
	asked[ethernet]++;
	passed[ethernet] += passes;
	if (passes && wgf_verdict(&policy, &f, WGF_GUARD) != WGF_CALL)
		fail_msg("IPv%d behind %u bytes passes", v6 ? 6 : 4, link);
}

/* Some of the tunnel's addresses look as if they were behind Ethernet. */
static void test_guard(void **state)
{
	(void)state;
	for (unsigned i = rounds(FENCES); i > 0; i--) {
		random_fence(&spec);
		for (unsigned k = 0; k < spec.n_own; k++)
			if (one_in(16)) {
				bool v6 = spec.own[k].address.v6;

				spec.own[k].address.byte[v6 ? 4 : 0] = v6 ? 0x86 : 8;
				spec.own[k].address.byte[v6 ? 5 : 1] = v6 ? 0xdd : 0;
				spec.own[k].shared = false;
			}
		lower_fence(&spec, &policy);
		for (unsigned k = 0; k < PACKETS; k++) {
			check_guard(true);
			check_guard(false);
		}
	}
	assert_true(passed[1] > asked[1] / 2);
	assert_true(passed[0] > 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_says_yes_where_the_verdict_is_tunnel),
		cmocka_unit_test(test_guard),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	random_seed();
	return cmocka_run_group_tests_name("fast", tests, NULL, NULL);
}
