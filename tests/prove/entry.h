/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What holds of each single entry of a policy: bpf/match.h says of it what plain.h says. entry.c
 * proves that of any entry; proofs about whole policies tell it to the solver for each of theirs,
 * which would else have to find it 64 times, for 128 bits.
 *
 * Owns: these sentences, once, for who proves them and who builds on them.
 */
#ifndef WGF_PROVE_ENTRY_H
#define WGF_PROVE_ENTRY_H

#include "plain.h"
#include "prove.h"

/* Sound rules hold for one interface or for all of them. */
static inline bool rule_is_plain(const struct wgf_rule *r, const struct wgf_facts *f, u8 kind)
{
	bool plain = r->kind == kind && plain_rule(r, f);

	if (r->ifmask != 0 && r->ifmask != ~0u)
		return true;
	return wgf_rule_matches(r, f, kind, 0, 0) == plain;
}

static inline bool network_is_plain(const struct wgf_network *n, const struct wgf_facts *f)
{
	bool plain = n->ifindex == f->ifindex && plain_inside(&f->remote, &n->addr, &n->mask);

	return wgf_is_zero(wgf_network_differs(n, &f->remote, f->ifindex)) == plain;
}

static inline bool source_is_plain(const struct wgf_source *s, const struct wgf_facts *f)
{
	bool plain = s->ifindex == f->ifindex && plain_same(&s->addr, &f->local);

	return (wgf_source_differs(s, &f->local, f->ifindex) == 0) == plain;
}

/* A rule that matches a packet of a connection matches the call, too, which knows less. */
static inline bool rule_knows_call(const struct wgf_rule *r, const struct wgf_facts *packet,
				   const struct wgf_facts *call, u8 kind)
{
	u32 any_port = kind == WGF_SERVE_RULE && !call->local_port ? ~0u : 0;

	return !wgf_rule_matches(r, packet, kind, 0, 0) ||
	       wgf_rule_matches(r, call, kind, ~0u, any_port);
}

static inline void tell_entries(const struct wgf_policy *p, const struct wgf_facts *f)
{
	for (u32 i = 0; i < WGF_MAX_SOURCES; i++)
		assume(source_is_plain(&p->sources[i], f));
	for (u32 i = 0; i < WGF_MAX_NETWORKS; i++)
		assume(network_is_plain(&p->networks[i], f));
	for (u32 i = 0; i < WGF_MAX_RULES; i++)
		assume(rule_is_plain(&p->rules[i], f, WGF_CONNECT_RULE) &&
		       rule_is_plain(&p->rules[i], f, WGF_SERVE_RULE));
}

#endif
