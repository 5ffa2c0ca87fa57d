// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard: on any interface but a tunnel it drops a member's own frames, and what has a tunnel's
 * address as source that no other interface has; and nothing else, for it sees everybody's packets.
 */
#include "plain.h"
#include "prove.h"

int main(void)
{
	struct wgf_policy policy = any_sound_policy();
	struct wgf_facts f = nondet_facts();
	bool own = false, shared = false, asked, drops;

	for (u32 i = 0; i < WGF_MAX_SOURCES; i++) {
		bool is = i < policy.n_sources && plain_same(&policy.sources[i].addr, &f.local);

		own |= is && !policy.sources[i].shared;
		shared |= is && policy.sources[i].shared;
	}
	asked = policy.cgroup && !plain_tunnel(&policy, &f);
	drops = !wgf_allows(wgf_verdict(&policy, &f, WGF_GUARD));
	claim(!drops || (asked && (f.frame || own)), "nothing of others is dropped");
	claim(drops || !asked || !f.frame, "no frame of a member passes");
	claim(drops || !asked || !own || shared, "nothing passes in the tunnel's name");
	return 0;
}
