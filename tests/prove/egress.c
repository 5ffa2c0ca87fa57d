// SPDX-License-Identifier: GPL-2.0-only
/*
 * Egress: what leaves is one of three kinds of packet, and nothing else, ever.
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
	reason = wgf_verdict(&policy, &f, WGF_EGRESS);
	claim(!f.problem || !wgf_allows(reason), "what cannot be read does not leave");
	if (reason == WGF_TUNNEL) {
		claim(plain_tunnel(&policy, &f), "by the tunnel's interface");
		claim(plain_source(&policy, &f), "with one of the tunnel's own addresses");
		claim(!plain_webui(&policy, &f), "not from the WebUI's port");
		claim(policy.n_tunnels, "nothing by a tunnel that is not there");
	} else if (reason == WGF_WEBUI) {
		claim(plain_webui(&policy, &f), "from the WebUI's port");
		claim(!f.opens, "an answer: no SYN without ACK");
		claim(plain_named(&policy, &f), "to a named network, on its interface");
		claim(!plain_tunnel(&policy, &f), "the WebUI does not speak into the tunnel");
	} else if (reason == WGF_RULE) {
		claim(plain_ruled(&policy, &f, WGF_CONNECT_RULE) ||
			      (plain_ruled(&policy, &f, WGF_SERVE_RULE) && !f.opens),
		      "a rule names it, and a serve rule opens nothing");
		claim(!plain_webui(&policy, &f), "no rule is for the WebUI's port");
		claim(!plain_tunnel(&policy, &f), "no rule is for the tunnel");
	} else {
		claim(!wgf_allows(reason), "nothing else leaves");
	}
	return 0;
}
