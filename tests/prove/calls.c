// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket calls: what is let through is a socket of the fence's own namespace that is TCP or
 * UDP; a bind to the wildcard, to a tunnel's address, or to a port that the WebUI or a serve rule
 * has; an option that joins no group and takes no packet socket past tc; a unix socket that is
 * named.
 */
#include "plain.h"
#include "prove.h"

static bool plain_wildcard(const union wgf_ip *ip)
{
	static const union wgf_ip v4 = {.b = {[10] = 255, [11] = 255}}, v6;

	return plain_same(ip, &v4) || plain_same(ip, &v6);
}

static bool plain_tunnel_address(const struct wgf_policy *p, const union wgf_ip *ip)
{
	bool is = false;

	for (u32 i = 0; i < WGF_MAX_SOURCES; i++)
		is |= i < p->n_sources && plain_same(&p->sources[i].addr, ip);
	return is;
}

static bool plain_served(const struct wgf_policy *p, const struct wgf_facts *f)
{
	bool is = false;

	for (u32 i = 0; i < WGF_MAX_RULES; i++) {
		const struct wgf_rule *r = &p->rules[i];

		is |= i < p->n_rules && r->kind == WGF_SERVE_RULE && r->proto == f->proto &&
		      r->port == f->local_port;
	}
	return is && f->local_port;
}

static void check_bind(const struct wgf_policy *p, const struct wgf_facts *f)
{
	bool may = plain_wildcard(&f->local) || plain_tunnel_address(p, &f->local) ||
		   plain_webui(p, f) || plain_served(p, f);

	claim(wgf_allows(wgf_verdict(p, f, WGF_BIND)) == may, "bind");
}

static void check_socket(const struct wgf_policy *p, const struct wgf_facts *f)
{
	bool plain = (f->proto == WGF_TCP && f->type == WGF_SOCK_STREAM) ||
		     (f->proto == WGF_UDP && f->type == WGF_SOCK_DGRAM);

	claim(wgf_allows(wgf_verdict(p, f, WGF_SOCK_CREATE)) == (plain && f->netns == p->netns),
	      "a socket");
}

int main(void)
{
	struct wgf_policy policy = any_sound_policy();
	struct wgf_facts f = nondet_facts();

	f.problem = 0;
	check_bind(&policy, &f);
	check_socket(&policy, &f);
	claim(wgf_allows(wgf_verdict(&policy, &f, WGF_SETSOCKOPT)) == (!f.joins && !f.frame),
	      "an option");
	claim(wgf_allows(wgf_verdict(&policy, &f, WGF_UNIX)) == !!f.named, "a unix socket");
	return 0;
}
