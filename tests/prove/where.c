// SPDX-License-Identifier: GPL-2.0-only
/*
 * No reason occurs at a hook that include/reasons.h does not name for it; what it calls an ALLOW
 * allows, and a DROP does not.
 */
#include "hooks.h"

enum { ALLOW = 1, DROP = 0 };

int main(void)
{
	struct wgf_policy policy = nondet_policy();
	u32 hook = nondet_u8(), reason, hooks = 0;
	struct wgf_facts f = any_at(hook);
	int allows = DROP;

	assume(policy.layout != WGF_LAYOUT || policy_is_sound(&policy));
	reason = wgf_verdict(&policy, &f, hook);
#define X(name, label, kind, where, text, sentence) \
	if (reason == WGF_##name) {                 \
		hooks = where;                      \
		allows = kind;                      \
	}
	WGF_REASONS(X)
#undef X
	claim(hooks >> hook & 1, "a reason only where it is named");
	claim(wgf_allows(reason) == allows, "what it is called it does");
	return 0;
}
