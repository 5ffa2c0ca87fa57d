// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line of the policy that the fast ways ask: where there is one with which the rest of the
 * policy is sound, the one that policy_set_fast() derives is such a one. Each number of sources
 * apart, so that all indices are constant.
 *
 * prove: -DN=0
 * prove: -DN=1
 * prove: -DN=2
 * prove: -DN=3
 * prove: -DN=4
 * prove: -DN=5
 * prove: -DN=6
 * prove: -DN=7
 * prove: -DN=8
 * prove: -DN=9
 * prove: -DN=10
 * prove: -DN=11
 * prove: -DN=12
 * prove: -DN=13
 * prove: -DN=14
 * prove: -DN=15
 * prove: -DN=16
 */
#include "compile_fast.c"
#include "prove.h"

int main(void)
{
	struct wgf_policy policy = any_sound_policy();

	assume(policy.n_sources == N);
	policy.n_sources = N;
	policy_set_fast(&policy);
	claim(policy_is_sound(&policy), "what is derived is sound");
	return 0;
}
