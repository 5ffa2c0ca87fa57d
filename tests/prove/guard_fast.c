// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard's fast way lets pass only what the whole guard would, behind Ethernet and without a
 * link header. (Behind another link header it is not proved: nothing is known of what is there.)
 *
 * prove: -DV6=0 -DLINK=WGF_ETH_LEN
 * prove: -DV6=0 -DLINK=0
 * prove: -DV6=1 -DLINK=WGF_ETH_LEN
 * prove: -DV6=1 -DLINK=0
 */
#include "fast.h"
#include "prove.h"

/* As long as the program makes sure that the frame is. */
#define FRAME (V6 ? WGF_ETH_V6_SOURCE + 16 : WGF_ETH_V4_SOURCE + 4)

static u64 bit_of(const union wgf_ip *a)
{
	return wgf_guard_bit(wgf_is_v4(a) ? a->w[3] : a->q[0] ^ a->q[1]);
}

/* Equal addresses have equal bits: no assumption, but a solver would search long for it. */
static void tell(const struct wgf_policy *p, const struct wgf_facts *f)
{
	for (u32 i = 0; i < WGF_MAX_SOURCES; i++) {
		const union wgf_ip *a = &p->sources[i].addr;

		assume(wgf_ip_differs(&f->local, a) || bit_of(&f->local) == bit_of(a));
	}
}

int main(void)
{
	struct wgf_policy policy = any_sound_policy();
	struct wgf_facts f = {.ifindex = nondet_u32()};
	struct wgf_bytes all = nondet_bytes();
	u8 frame[FRAME];
	bool passes;

	if (LINK) {
		all.byte[LINK - 2] = V6 ? 0x86 : 0x08;
		all.byte[LINK - 1] = V6 ? 0xdd : 0x00;
	}
	for (u32 i = 0; i < FRAME; i++)
		frame[i] = all.byte[i];
	if (V6) {
		passes = wgf_fast_guard_v6(&policy, frame);
		wgf_parse_v6(&f, all.byte + LINK, 1);
	} else {
		passes = wgf_fast_guard_v4(&policy, frame);
		wgf_parse_v4(&f, all.byte + LINK, 1);
	}
	tell(&policy, &f);
	claim(!passes || wgf_verdict(&policy, &f, WGF_GUARD) == WGF_CALL, "the whole guard agrees");
	return 0;
}
