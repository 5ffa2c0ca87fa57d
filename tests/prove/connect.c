// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connect is never stricter than egress: what it refuses, no packet of that connection could have
 * done.
 *
 * prove: -DFAMILY=WGF_IPV4
 * prove: -DFAMILY=WGF_IPV6
 */
#include "call.h"
#include "entry.h"

static void tell_rules(const struct wgf_policy *p, const struct wgf_facts *packet,
		       const struct wgf_facts *call)
{
	for (u32 i = 0; i < WGF_MAX_RULES; i++)
		assume(rule_knows_call(&p->rules[i], packet, call, WGF_CONNECT_RULE) &&
		       rule_knows_call(&p->rules[i], packet, call, WGF_SERVE_RULE));
}

/* To a network's broadcast address: what connect refuses though a tunnel could have had it. */
static bool is_to_everybody(const struct wgf_policy *p, const struct wgf_facts *f)
{
	return f->family == WGF_IPV4 && f->proto == WGF_UDP && plain_broadcast(p, &f->remote);
}

int main(void)
{
	struct wgf_policy policy = any_sound_policy();
	struct wgf_facts call = any_connect(), packet;

	assume(call.family == FAMILY);
	packet = any_packet_of(&call);
	assume(!is_to_everybody(&policy, &packet) || !plain_tunnel(&policy, &packet));
	tell_rules(&policy, &packet, &call);
	if (!wgf_allows(wgf_verdict(&policy, &call, WGF_CONNECT)))
		claim(!wgf_allows(wgf_verdict(&policy, &packet, WGF_EGRESS)),
		      "egress drops what connect refuses");
	return 0;
}
