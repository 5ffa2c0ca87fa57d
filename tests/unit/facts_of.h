/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the truth tables as facts.
 *
 * Owns: how a row becomes what a hook would have gathered.
 */
#ifndef TEST_FACTS_OF_H
#define TEST_FACTS_OF_H

#include "call_cases.h"
#include "guard_cases.h"
#include "packet_cases.h"
#include "parse.h"

static inline union wgf_ip host_ip(enum host host, bool v6)
{
	union wgf_ip ip;

	if (!ip_parse(host_text[host][v6], &ip))
		abort();
	return ip;
}

/* What cannot be judged has its addresses and protocol, as the parser leaves them, but no ports. */
static inline struct wgf_facts packet_facts(const struct packet_case *c, bool v6)
{
	struct wgf_facts f = {
		.family = v6 ? WGF_IPV6 : WGF_IPV4,
		.local = host_ip(c->local.host, v6),
		.remote = host_ip(c->remote.host, v6),
		.ifindex = c->dev,
		.proto = c->proto,
		.problem = c->problem,
	};

	if (c->problem)
		return f;
	f.local_port = c->local.port;
	f.remote_port = c->remote.port;
	f.opens = (c->flags & SYN) && !(c->flags & ACK);
	return f;
}

static inline struct wgf_facts address_facts(const struct address_case *c, bool v6)
{
	struct wgf_facts f = {.family = v6 ? WGF_IPV6 : WGF_IPV4, .proto = c->proto};

	if (c->hook == WGF_BIND) {
		f.local = host_ip(c->end.host, v6);
		f.local_port = c->end.port;
	} else {
		f.remote = host_ip(c->end.host, v6);
		f.remote_port = c->end.port;
		f.local_port = c->own_port;
		wgf_this_host(&f.remote);
	}
	return f;
}

static inline struct wgf_facts socket_facts(const struct socket_case *c, bool v6)
{
	return (struct wgf_facts){
		.family = v6 ? WGF_IPV6 : WGF_IPV4,
		.proto = c->proto,
		.type = c->type,
		.netns = c->netns,
	};
}

static inline struct wgf_facts option_facts(const struct option_case *c)
{
	return (struct wgf_facts){
		.family = c->level == WGF_SOL_IPV6 ? WGF_IPV6
			  : c->level == WGF_SOL_IP ? WGF_IPV4
						   : WGF_FAMILY_UNKNOWN,
		.joins = wgf_joins(c->level, c->option),
		.frame = wgf_passes_guard(c->level, c->option),
	};
}

static inline struct wgf_facts guard_facts(const struct guard_case *c, bool v6)
{
	return (struct wgf_facts){
		.family = v6 ? WGF_IPV6 : WGF_IPV4,
		.local = host_ip(c->source, v6),
		.ifindex = c->dev,
		.frame = c->frame,
	};
}

#endif
