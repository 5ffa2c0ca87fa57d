// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every reason can occur at each hook that include/reasons.h names for it. Here the model checker
 * is asked for an example of each, so no other proof holds because something never happens.
 *
 * prove: --cover cover
 */
#include "hooks.h"

int main(void)
{
	struct wgf_policy policy = nondet_policy();
	u32 hook = nondet_u8(), reason;
	struct wgf_facts f = any_at(hook);

	assume(policy.layout != WGF_LAYOUT || policy_is_sound(&policy));
	reason = wgf_verdict(&policy, &f, hook);
#define AT(name, where, at) \
	possible(!((where)&1u << (at)) || (hook == (at) && reason == WGF_##name));
#define X(name, label, kind, where, text, sentence) \
	AT(name, where, WGF_EGRESS)                 \
	AT(name, where, WGF_INGRESS)                \
	AT(name, where, WGF_CONNECT)                \
	AT(name, where, WGF_BIND)                   \
	AT(name, where, WGF_SOCK_CREATE)            \
	AT(name, where, WGF_SETSOCKOPT)             \
	AT(name, where, WGF_UNIX)                   \
	AT(name, where, WGF_GUARD)
	WGF_REASONS(X)
#undef X
	return 0;
}
