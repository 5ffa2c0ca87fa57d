// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any one entry of a policy, asked about any facts: it matches what plain.h says, byte by byte.
 */
#include "entry.h"
#include "call.h"

struct wgf_rule nondet_rule(void);
struct wgf_network nondet_network(void);
struct wgf_source nondet_source(void);

int main(void)
{
	struct wgf_rule r = nondet_rule();
	struct wgf_network n = nondet_network();
	struct wgf_source s = nondet_source();
	struct wgf_facts f = nondet_facts(), call = any_connect(), packet = any_packet_of(&call);
	u8 kind = nondet_bool() ? WGF_CONNECT_RULE : WGF_SERVE_RULE;

	claim(rule_is_plain(&r, &f, kind), "a rule");
	claim(network_is_plain(&n, &f), "a network");
	claim(source_is_plain(&s, &f), "a source");
	claim(rule_knows_call(&r, &packet, &call, kind), "a rule, of a call");
	return 0;
}
