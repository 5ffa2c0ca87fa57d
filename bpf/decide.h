/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From facts to a hook's return value.
 *
 * Owns: what every hook does with a verdict: it is counted, noted where it does not pass, and
 * answered. Must never decide: that is verdict.h's.
 */
#ifndef WGF_DECIDE_H
#define WGF_DECIDE_H

#include "ledger.h"
#include "verdict.h"

/*
 * Count, note what does not pass, and answer. Audit mode counts apart and lets everything pass; but
 * without a policy that is understood, what would be its mode is just a byte.
 */
static __always_inline int decide(const struct wgf_facts *f, struct bpf_sock *sk, u32 hook,
				  u32 bytes)
{
	const struct wgf_policy *p = policy_in_force();
	u32 reason = wgf_verdict(p, f, hook);
	u32 audit = reason != WGF_NO_POLICY && p->mode == WGF_AUDIT;

	if (wgf_allows(reason)) {
		count(WGF_ENFORCE, hook, f->family, reason, bytes);
		return 1;
	}
	count(audit, hook, f->family, reason, bytes);
	record(f, sk, hook, reason, audit, bytes);
	return (int)audit;
}

#endif
