// SPDX-License-Identifier: GPL-2.0-only
/*
 * Audit mode shows what enforcement would do: every hook gives the same reason in both, because no
 * verdict reads the mode. Here each reading of it is a claim that fails.
 *
 * prove: -DHOOK=WGF_EGRESS
 * prove: -DHOOK=WGF_INGRESS
 * prove: -DHOOK=WGF_CONNECT
 * prove: -DHOOK=ANY_OTHER
 */
#include "policy.h"

#ifdef PROVE
#define mode mode + (__CPROVER_assert(0, "the mode is not read"), 0)
#endif
#include "verdict.h"
#undef mode

#include "prove.h"

#define ANY_OTHER (WGF_BIND + nondet_u8())

int main(void)
{
	struct wgf_policy policy = nondet_policy();
	struct wgf_facts f = nondet_facts();

	assume(f.problem < WGF_N_REASONS);
	claim(wgf_verdict(&policy, &f, HOOK) < WGF_N_REASONS, "a reason");
	return 0;
}
