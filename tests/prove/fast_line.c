// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line of the policy that the fast ways ask: where there is one with which the rest of the
 * policy is sound, the one that policy_set_fast() derives is such a one. Each number of sources
 * apart, so that all indices are constant; and whatever function of an address the guard's bit is,
 * but that there is one.
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
#include "fast.h"

#ifdef PROVE
u64 __CPROVER_uninterpreted_bit(u64 address);
#define wgf_guard_bit __CPROVER_uninterpreted_bit
#endif
#define policy_is_sound is_sound
#include "compile_fast.c"
#include "sound.c"
#undef policy_is_sound

#include "prove.h"

int main(void)
{
	struct wgf_policy policy = nondet_policy();

	for (u32 i = 0; i < N; i++)
		assume(guard_bits(&policy.sources[i].addr));
	assume(is_sound(&policy) && policy.n_sources == N);
	policy.n_sources = N;
	policy_set_fast(&policy);
	claim(is_sound(&policy), "what is derived is sound");
	return 0;
}
