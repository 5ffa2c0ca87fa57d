// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traffic control: what acts behind the fence's programs on what leaves by the tunnel, and what
 * comes before the guard on the other interfaces.
 */
#include <bpf/bpf.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <string.h>
#include <unistd.h>

#include "../bpf/match.h"
#include "check_parts.h"
#include "guard_tcx.h"
#include "program.h"
#include "tc.h"

#define EGRESS	 TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)
#define PROGRAMS 64

struct look {
	struct check *c;
	const struct wgf_policy *p;
	struct rtnl nl;
	unsigned told;
	struct err e;
};

static bool is_guard(const struct tc_filter *f)
{
	return strncmp(f->label, "wgfence:", strlen("wgfence:")) == 0;
}

/* Of several of one priority, which are programs, only this one. */
static void mend_by_deleting(struct look *l, const struct link *on, const struct tc_filter *f)
{
	char word[SHELL_WORD], which[64] = "", parent[32] = "egress", chain[32] = "";

	if (f->parent != EGRESS)
		snprintf(parent, sizeof(parent), "parent %x:", f->parent >> 16);
	if (strcmp(f->kind, "bpf") == 0)
		snprintf(which, sizeof(which), " handle 0x%x bpf", f->handle);
	if (f->chain)
		snprintf(chain, sizeof(chain), " chain %u", f->chain);
	finding_mend(&l->c->report, "tc filter del dev %s %s%s pref %u%s",
		     shell_word(on->name, word), parent, chain, tc_priority(f), which);
}

/* An ifb only queues what it is given, and gives it back. */
static bool is_harmless(const struct look *l, u32 device)
{
	const struct link *to = inventory_link(&l->c->inv, device);

	return to && (wgf_is_tunnel(l->p, device) || strcmp(to->kind, "ifb") == 0);
}

static void judge_behind(struct look *l, const struct link *tunnel, const struct tc_filter *f)
{
	const struct link *to = inventory_link(&l->c->inv, f->device);

	if (f->sends_elsewhere && !is_harmless(l, f->device)) {
		finding_add(&l->c->report, l->c->guarded ? FINDING_WARNING : FINDING_BROKEN,
			    "tc.redirect",
			    l->c->guarded
				    ? "The fence has judged the packet for the tunnel. What "
				      "leaves by another interface with the tunnel's address, "
				      "it or a copy, is stopped there by the guard alone."
				    : "The fence has judged the packet for the tunnel, and "
				      "then it, or a copy, leaves by another interface, in "
				      "clear.",
			    "a filter of tc (%s, priority %u) sends what leaves by %s to %s",
			    f->kind, tc_priority(f), tunnel->name,
			    to ? to->name : "another interface");
	} else if (f->program && !is_guard(f)) {
		finding_add(&l->c->report, FINDING_NOTICE, "tc.program",
			    "It sees the packet behind the fence, and could send it elsewhere; "
			    "what a program does cannot be read from outside.",
			    "somebody else's program (%s, priority %u) is at tc egress of %s",
			    *f->label ? f->label : f->kind, tc_priority(f), tunnel->name);
	} else {
		return;
	}
	l->told++;
	mend_by_deleting(l, tunnel, f);
}

/* A filter that matches ends the chain, but for a program that says otherwise. */
static void judge_before(struct look *l, const struct link *on, const struct tc_filters *all)
{
	unsigned guard = 0;

	while (guard < all->n && !is_guard(&all->v[guard]))
		guard++;
	for (unsigned i = 0; guard < all->n && i < guard; i++) {
		const struct tc_filter *f = &all->v[i];

		if (f->chain || f->only_drops || f->parent != EGRESS)
			continue;
		l->told++;
		finding_add(&l->c->report, FINDING_WARNING, "tc.before_guard",
			    "What it lets pass does not come to the guard: frames that a member "
			    "builds itself, and what the kernel says in the tunnel's name.",
			    "a filter of tc (%s, priority %u) comes before the guard of %s",
			    *f->label ? f->label : f->kind, tc_priority(f), on->name);
		mend_by_deleting(l, on, f);
	}
}

/* Another fence's, by the name that its program has in the kernel. */
static bool is_guard_program(u32 id)
{
	struct bpf_prog_info info = {0};

	return program_info(id, &info) == 0 &&
	       strncmp(info.name, "wgf_guard", strlen("wgf_guard")) == 0;
}

static void tell_program(struct look *l, const struct link *on, u32 id, bool tunnel)
{
	l->told++;
	if (tunnel)
		finding_add(&l->c->report, FINDING_NOTICE, "tc.program",
			    "It sees the packet behind the fence, and could send it elsewhere; "
			    "what a program does cannot be read from outside.",
			    "somebody else's program (tcx, id %u) is at tc egress of %s", id,
			    on->name);
	else
		finding_add(&l->c->report, FINDING_WARNING, "tc.before_guard",
			    "What it lets pass does not come to the guard: frames that a member "
			    "builds itself, and what the kernel says in the tunnel's name.",
			    "somebody else's program (tcx, id %u) comes before the guard of %s", id,
			    on->name);
}

/* In their order, and all before clsact. A kernel without them says EINVAL. */
static void judge_tcx(struct look *l, const struct link *on, bool tunnel)
{
	u32 ids[PROGRAMS], n = PROGRAMS, flags = 0;
	struct guard_tcx ours = {.in_effect = false};

	if (bpf_prog_query((int)on->ifindex, TCX_EGRESS, 0, &flags, ids, &n))
		return;
	if (!tunnel && guard_tcx_read(l->c->name, on->ifindex, &ours, &l->e)) {
		finding_unseen(&l->c->report, "tc.egress", &l->e);
		return;
	}
	for (u32 i = 0; i < n && !(ours.in_effect && ids[i] == ours.prog_id); i++)
		if (!is_guard_program(ids[i]))
			tell_program(l, on, ids[i], tunnel);
}

static void look_at(struct look *l, const struct link *on)
{
	bool tunnel = wgf_is_tunnel(l->p, on->ifindex);
	struct tc_filters all;

	if (tc_read(&l->nl, on->ifindex, &all, &l->e)) {
		finding_unseen(&l->c->report, "tc.egress", &l->e);
		return;
	}
	if (tunnel)
		for (unsigned i = 0; i < all.n; i++)
			judge_behind(l, on, &all.v[i]);
	else
		judge_before(l, on, &all);
	tc_free(&all);
	judge_tcx(l, on, tunnel);
}

void check_tc(struct check *c)
{
	struct look l = {.c = c, .p = check_policy(c)};

	if (!l.p)
		return;
	if (rtnl_open(&l.nl, &l.e)) {
		finding_unseen(&c->report, "tc.egress", &l.e);
		return;
	}
	for (unsigned i = 0; i < c->inv.n_links; i++) {
		const struct link *on = &c->inv.links[i];

		if (wgf_is_tunnel(l.p, on->ifindex) || (on->ifindex != l.p->lo && l.p->cgroup))
			look_at(&l, on);
	}
	if (!l.told)
		finding_add(&c->report, FINDING_FINE, "tc.egress", NULL,
			    "no filter of tc takes what leaves by the tunnel elsewhere, nor comes "
			    "before the guard");
	rtnl_close(&l.nl);
}
