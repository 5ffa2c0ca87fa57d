// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every reason can occur at each hook that include/reasons.h names for it. Here the model checker
 * is asked for an example of each, so no other proof holds because something never happens. An
 * example among small policies is one.
 *
 * prove: --cover cover
 */
#include "hooks.h"

/* With one entry of each kind. */
static struct wgf_policy any_small_policy(void)
{
	struct wgf_policy any = nondet_policy();

	return (struct wgf_policy){
		.layout = any.layout,
		.webui = any.webui,
		.webui_port = any.webui_port,
		.fast = any.fast,
		.tunnels = {any.tunnels[0]},
		.n_tunnels = any.n_tunnels,
		.n_sources = any.n_sources,
		.sources = {any.sources[0]},
		.lo = any.lo,
		.n_networks = any.n_networks,
		.n_rules = any.n_rules,
		.n_broadcasts = any.n_broadcasts,
		.netns = any.netns,
		.broadcasts = {any.broadcasts[0]},
		.networks = {any.networks[0]},
		.rules = {any.rules[0]},
		.cgroup = any.cgroup,
	};
}

int main(void)
{
	struct wgf_policy policy = any_small_policy();
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
