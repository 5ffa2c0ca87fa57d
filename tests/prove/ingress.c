// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ingress, the mirror of egress: what comes in is one of three kinds of packet.
 *
 * prove: -DFAMILY=WGF_IPV4
 * prove: -DFAMILY=WGF_IPV6
 */
#include "entry.h"

int main(void)
{
	struct wgf_policy policy = any_sound_policy();
	struct wgf_facts f = any_packet();
	u32 reason;

	assume(f.problem || f.family == FAMILY);
	tell_entries(&policy, &f);
	reason = wgf_verdict(&policy, &f, WGF_INGRESS);
	claim(!f.problem || !wgf_allows(reason), "what cannot be read does not come in");
	if (reason == WGF_TUNNEL) {
		claim(plain_tunnel(&policy, &f), "by the tunnel's interface");
		claim(!plain_webui(&policy, &f), "not to the WebUI's port");
	} else if (reason == WGF_WEBUI) {
		claim(plain_webui(&policy, &f), "to the WebUI's port");
		claim(plain_named(&policy, &f), "from a named network, on its interface");
		claim(!plain_tunnel(&policy, &f), "the WebUI is not asked through the tunnel");
	} else if (reason == WGF_RULE) {
		claim(plain_ruled(&policy, &f, WGF_SERVE_RULE) ||
			      (plain_ruled(&policy, &f, WGF_CONNECT_RULE) && !f.opens),
		      "a rule names it, and what a connect rule names opens nothing");
		claim(!plain_webui(&policy, &f), "no rule is for the WebUI's port");
		claim(!plain_tunnel(&policy, &f), "no rule is for the tunnel");
	} else {
		claim(!wgf_allows(reason), "nothing else comes in");
	}
	return 0;
}
