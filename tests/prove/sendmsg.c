// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel hands to this host's own programs before egress is asked, which is IPv4 to a
 * group or to everybody on a network, is asked about in the call that sends it, and let through
 * only where a connect rule names it. Without a policy that is understood everything is asked
 * about.
 */
#include "call.h"
#include "plain.h"

static bool plain_comes_back(const struct wgf_policy *p, const union wgf_ip *to)
{
	return (to->b[12] >= 224 && to->b[12] <= 239) || to->w[3] == 0xffffffff ||
	       plain_broadcast(p, to);
}

static bool plain_connect_rule(const struct wgf_policy *p, const struct wgf_facts *f)
{
	bool is = false;

	for (u32 i = 0; i < WGF_MAX_RULES; i++)
		is |= i < p->n_rules && p->rules[i].kind == WGF_CONNECT_RULE &&
		      plain_rule_anywhere(&p->rules[i], f);
	return is;
}

int main(void)
{
	struct wgf_policy policy = nondet_policy();
	struct wgf_facts call = any_connect();
	bool asked;
	u32 reason;

	assume(policy.layout != WGF_LAYOUT || policy_is_sound(&policy));
	assume(call.family == WGF_IPV4 && call.proto == WGF_UDP);
	asked = wgf_comes_back(&policy, call.remote.w[3]);
	claim(asked || policy.layout == WGF_LAYOUT, "without a policy all is asked about");
	if (policy.layout == WGF_LAYOUT && !plain_comes_back(&policy, &call.remote))
		return 0;
	reason = wgf_verdict(&policy, &call, WGF_CONNECT);
	claim(asked, "what comes back is asked about");
	claim(!wgf_allows(reason) || reason == WGF_RULE, "only a rule lets it through");
	claim(reason != WGF_RULE || plain_connect_rule(&policy, &call), "and that one connects");
	return 0;
}
