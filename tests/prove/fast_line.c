// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line of the policy that the fast ways ask: in a sound policy it is sound for each source;
 * where there is one with which the rest of the policy is sound, the one that policy_set_fast()
 * derives is such a one. Each number of sources apart, so that all indices are constant; and
 * whatever function of an address the guard's bit is, but that there is one.
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
#include "bit.h"

#include "compile_fast.c"

int main(void)
{
	struct wgf_policy policy = nondet_policy();

	assume(is_sound(&policy) && policy.n_sources == N);
	policy.n_sources = N;
	for (u32 i = 0; i < N; i++)
		claim(guard_asks(&policy.fast, &policy.sources[i].addr), "of each source");
	policy_set_fast(&policy);
	claim(is_sound(&policy), "what is derived is sound");
	return 0;
}
