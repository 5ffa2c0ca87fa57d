// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy compiler: the line that the fast ways ask.
 *
 * Owns: deriving it from the rest of the policy, which it must never contradict.
 */
#include "../bpf/fast.h"
#include "compile.h"

/*
 * In an IP packet without a link header this source has an ethertype of its own family where
 * Ethernet has it: the guard's fast way would look for the source elsewhere.
 */
static bool looks_like_ethernet(const union wgf_ip *a)
{
	return wgf_is_v4(a) ? a->h[6] == WGF_BE16(0x0800) : a->h[2] == WGF_BE16(0x86dd);
}

static u64 guard_bits(const union wgf_ip *a)
{
	if (looks_like_ethernet(a))
		return ~0ull;
	return wgf_guard_bit(wgf_is_v4(a) ? a->w[3] : a->q[0] ^ a->q[1]);
}

static bool is_first(const struct wgf_policy *p, u32 source)
{
	bool v4 = wgf_is_v4(&p->sources[source].addr);

	for (u32 i = 0; i < source; i++)
		if (wgf_is_v4(&p->sources[i].addr) == v4)
			return false;
	return true;
}

/* Backwards, so that the first of each family stays. */
void policy_set_fast(struct wgf_policy *p)
{
	struct wgf_fast fast = {
		.tunnel4 = ~0u, .tunnel6 = ~0u, .webui = p->webui ? WGF_BE16(p->webui_port) : ~0u};

	for (u32 i = p->n_sources; i-- > 0;) {
		const struct wgf_source *s = &p->sources[i];

		if (!is_first(p, i) || looks_like_ethernet(&s->addr))
			fast.others |= guard_bits(&s->addr);
		if (wgf_is_v4(&s->addr)) {
			fast.tunnel4 = s->ifindex;
			fast.source4 = s->addr.w[3];
		} else {
			fast.tunnel6 = s->ifindex;
			fast.source6 = s->addr;
		}
	}
	p->fast = fast;
}
