// SPDX-License-Identifier: GPL-2.0-only
/*
 * Audit mode shows what enforcement would do: every hook gives the same reason in both.
 *
 * prove: -DHOOK=WGF_EGRESS
 * prove: -DHOOK=WGF_INGRESS
 * prove: -DHOOK=WGF_CONNECT
 * prove: -DHOOK=WGF_BIND+nondet_u8()
 */
#include "prove.h"

int main(void)
{
	struct wgf_policy policy = nondet_policy();
	struct wgf_facts f = nondet_facts();
	u32 hook = HOOK, enforced;

	policy.mode = WGF_ENFORCE;
	enforced = wgf_verdict(&policy, &f, hook);
	policy.mode = WGF_AUDIT;
	claim(wgf_verdict(&policy, &f, hook) == enforced, "the same reason in both modes");
	return 0;
}
