// SPDX-License-Identifier: GPL-2.0-only
/*
 * Closed: all zeroes admit nothing, and neither does a policy of another layout, whatever is in it.
 * The guard, which sees everybody's packets, leaves them alone then.
 */
#include "prove.h"

static void check(const struct wgf_policy *p)
{
	struct wgf_facts f = nondet_facts();
	u32 hook = nondet_u32(), reason = wgf_verdict(p, &f, hook);

	claim(hook == WGF_GUARD || reason == WGF_NO_POLICY, "nothing is admitted");
	claim(hook != WGF_GUARD || reason == WGF_CALL, "the guard drops nothing");
}

int main(void)
{
	static const struct wgf_policy zeroes;
	struct wgf_policy other = nondet_policy();

	check(&zeroes);
	assume(other.layout != WGF_LAYOUT);
	check(&other);
	return 0;
}
