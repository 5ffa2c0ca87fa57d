// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line of the policy that the fast ways ask: where there is one with which the rest of the
 * policy is sound, the one that policy_set_fast() derives is such a one.
 */
#include "compile_fast.c"
#include "prove.h"

int main(void)
{
	struct wgf_policy policy = any_sound_policy();
	u32 n = policy.n_sources;

	/* Each number apart, so that all indices are constant. */
	for (u32 i = 0; i <= WGF_MAX_SOURCES; i++)
		if (n == i) {
			policy.n_sources = i;
			policy_set_fast(&policy);
		}
	claim(policy_is_sound(&policy), "what is derived is sound");
	return 0;
}
