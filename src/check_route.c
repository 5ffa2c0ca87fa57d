// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of what members send: the fence's own rules and routes, and those of others before them.
 *
 * Owns: asking the kernel where such a packet would leave. Nothing that is held rests on routes:
 * what is wrong here is a packet that is dropped, not one in clear.
 */
#include <linux/fib_rules.h>
#include <stdlib.h>
#include <string.h>

#include "../bpf/match.h"
#include "carry.h"
#include "check_parts.h"
#include "check_process.h"
#include "check_tree.h"
#include "connected.h"
#include "file.h"
#include "route_meet.h"

#define BEHIND 5200 /* a priority behind those that names lead to, before Tailscale's */

struct look {
	struct check *c;
	const struct wgf_policy *p;
	struct route_numbers n;
	struct others others;
	u32 uid; /* of a member */
	struct rtnl nl;
	struct err e;
};

static const char *of(bool ipv4)
{
	return ipv4 ? "" : "-6 ";
}

static const char *name_of(const struct check *c, u32 ifindex)
{
	const struct link *l = inventory_link(&c->inv, ifindex);

	return l ? l->name : "an interface that is new";
}

static void tell_unseen(struct look *l)
{
	finding_unseen(&l->c->report, "route.seen", &l->e);
}

static bool judge_own(struct look *l)
{
	char missing[CARRY_TEXT];
	int stands = carry_stands(l->p, missing, &l->e);

	if (stands < 0)
		tell_unseen(l);
	else if (stands)
		finding_add(&l->c->report, FINDING_FINE, "route.rules", NULL,
			    "the rules at priorities %u to %u and table %u are in place",
			    l->n.priority, l->n.priority + ROUTE_PRIORITIES - 1, l->n.table);
	else {
		finding_add(&l->c->report, FINDING_WARNING, "route.rules",
			    "Without it members' packets take the host's routes, and are dropped "
			    "where these lead past the tunnel.",
			    "%s is missing", missing);
		check_mend_put_back(l->c);
	}
	return stands == 1;
}

/*
 * Behind ours it does for everybody else what it did before. Not what asks for more than the text
 * tells, nor a jump, which may only go forward.
 */
static void mend_by_moving(struct look *l, const struct other_rule *o)
{
	u32 behind = l->n.priority + ROUTE_PRIORITIES;
	char text[OTHER_TEXT];

	if (o->odd || o->action == FR_ACT_GOTO)
		return;
	other_rule_text(o, text);
	finding_mend(&l->c->report, "ip %srule add pref %u %s && ip %srule del pref %u %s",
		     of(o->r.ipv4), behind > BEHIND ? behind : BEHIND, text, of(o->r.ipv4),
		     o->r.priority, text);
}

static bool is_among(const struct look *l, const struct other_rule *o)
{
	return o->r.priority >= l->n.priority && o->r.priority < l->n.priority + ROUTE_PRIORITIES;
}

static bool has_mark(const struct look *l, const struct other_rule *o)
{
	return (o->r.mask & l->n.mask) == l->n.mask && (o->r.mark & l->n.mask) == l->n.mark;
}

/* What `attach` refuses to begin with may have come later. */
static void judge_numbers(struct look *l)
{
	struct report *f = &l->c->report;
	char text[OTHER_TEXT];

	for (unsigned i = 0; i < l->others.n_rules; i++) {
		const struct other_rule *o = &l->others.rules[i];

		if (o->protocol == ROUTE_PROTOCOL)
			continue;
		if (is_among(l, o)) {
			finding_add(f, FINDING_WARNING, "route.priority",
				    "It stands among the fence's own, which are then not together; "
				    "attach refuses to begin with it.",
				    "somebody else has the rule %u: %s", o->r.priority,
				    other_rule_text(o, text));
			mend_by_moving(l, o);
		} else if (has_mark(l, o)) {
			finding_add(f, FINDING_WARNING, "route.mark",
				    "What is marked so by others meets the fence's rules, and goes "
				    "into the tunnel. Another mark = in [route] would be right.",
				    "somebody else has a rule for the fence's mark, %u: %s",
				    o->r.priority, other_rule_text(o, text));
		}
	}
}

static void judge_table(struct look *l)
{
	char text[OTHER_TEXT];

	for (unsigned i = 0; i < l->others.n_routes; i++) {
		const struct other_route *o = &l->others.routes[i];

		other_route_text(o, text);
		finding_add(&l->c->report, FINDING_WARNING, "route.table",
			    "Members' packets that it takes do not go into the tunnel, and are "
			    "dropped.",
			    "somebody else has a route in the fence's table %u: %s", l->n.table,
			    text);
		/* By its protocol: the fence's own may be of the same prefix. */
		finding_mend(&l->c->report, "ip %sroute del %s table %u proto %u", of(o->ipv4),
			     text, l->n.table, o->protocol);
	}
}

static bool leads_past(const struct look *l, const struct route_answer *a)
{
	return a->end == ROUTE_REFUSED || (a->end == ROUTE_OUT && !wgf_is_tunnel(l->p, a->ifindex));
}

static const char *where(const struct look *l, const struct route_answer *a, char ret[64])
{
	if (a->end == ROUTE_REFUSED)
		snprintf(ret, 64, "refuses it (%s)", strerror(a->error));
	else
		snprintf(ret, 64, "leads it out by %s", name_of(l->c, a->ifindex));
	return ret;
}

/* Is `o` to blame for where the packet `by` goes? */
static bool judge_rule(struct look *l, const struct other_rule *o, const struct route_question *by,
		       const char *whose)
{
	struct route_question q;
	struct route_answer a;
	char text[OTHER_TEXT], way[64];

	if (!route_meet(o, by, &q))
		return false;
	if (route_ask(&l->nl, &q, &a, &l->e)) {
		tell_unseen(l);
		return false;
	}
	if (!leads_past(l, &a) || !route_did(o, &a))
		return false;
	finding_add(&l->c->report, FINDING_WARNING, "route.before",
		    "It comes before the fence's own, so the packet never meets them, and is "
		    "dropped.",
		    "the rule %u (%s) takes what %s, and %s", o->r.priority,
		    other_rule_text(o, text), whose, where(l, &a, way));
	mend_by_moving(l, o);
	return true;
}

/* With the mark that members' sockets have, and without, as the kernel speaks by itself. */
static bool judge_before(struct look *l, const struct route_question *member)
{
	struct route_question host = *member;
	bool found = false;

	host.mark = 0;
	host.uid = l->uid;
	host.has_from = true;
	for (unsigned i = 0; i < l->others.n_rules; i++) {
		const struct other_rule *o = &l->others.rules[i];

		if (o->protocol != ROUTE_PROTOCOL && o->r.priority < l->n.priority)
			found |= judge_rule(l, o, member, "a member sends") ||
				 judge_rule(l, o, &host, "the kernel says in the tunnel's name");
	}
	return found;
}

/* What nobody's rule explains. */
static void judge_way(struct look *l, const struct route_question *member)
{
	struct report *f = &l->c->report;
	struct route_answer a;
	char way[64];

	if (l->n.mask && judge_before(l, member))
		return;
	if (route_ask(&l->nl, member, &a, &l->e)) {
		tell_unseen(l);
	} else if (!leads_past(l, &a)) {
		finding_add(f, FINDING_FINE, "route.way", NULL,
			    "what a member sends into the internet by IPv%d leaves by %s",
			    member->ipv4 ? 4 : 6, name_of(l->c, a.ifindex));
	} else {
		finding_add(f, FINDING_WARNING, "route.way",
			    l->n.mask
				    ? "The fence's rules are there, and do not lead it into the "
				      "tunnel; it is dropped."
				    : "With route = off it is the host's routes that lead members "
				      "into the tunnel, or not; what goes past it is dropped. "
				      "route = on in [route] would be right.",
			    "the kernel takes what a member sends into the internet by IPv%d, and "
			    "%s",
			    member->ipv4 ? 4 : 6, where(l, &a, way));
	}
}

/* One address of each family speaks for all. */
static void judge_ways(struct look *l)
{
	for (int ipv4 = 1; ipv4 >= 0; ipv4--)
		for (u32 i = 0; i < l->p->n_sources; i++) {
			const struct wgf_source *s = &l->p->sources[i];

			if (wgf_is_v4(&s->addr) != ipv4 || is_link_local(&s->addr) || s->shared)
				continue;
			judge_way(l, &(struct route_question){.ipv4 = ipv4,
							      .from = s->addr,
							      .to = far_away[ipv4][0],
							      .mark = l->n.mark,
							      .uid = l->uid});
			break;
		}
}

/* Rules may be for users; members have one, mostly. 0 where there is none now. */
static u32 member_uid(const struct check *c)
{
	unsigned long long uid = 0;
	char path[64], *status;
	struct err ignored;
	struct tree t;

	if (c->cgroup.fd < 0 || tree_read(c->cgroup.fd, &t, &ignored))
		return 0;
	if (t.n_processes) {
		snprintf(path, sizeof(path), "/proc/%d/status", t.processes[0].pid);
		status = file_text(path, &ignored);
		if (status)
			process_status(status, "Uid", 10, &uid);
		free(status);
	}
	tree_free(&t);
	return (u32)uid;
}

static void look_at_routes(struct look *l)
{
	bool whole = true;

	if (other_read(&l->nl, l->n.mask ? l->n.table : 0, &l->others, &l->e)) {
		tell_unseen(l);
		return;
	}
	if (l->n.mask) {
		whole = judge_own(l);
		judge_numbers(l);
		judge_table(l);
	}
	/* While the tunnel is away everything is refused, as it should be. */
	if (whole && l->p->n_sources)
		judge_ways(l);
	other_free(&l->others);
}

void check_route(struct check *c)
{
	struct look l = {.c = c, .p = check_policy(c)};

	if (!l.p)
		return;
	l.n = route_numbers_of(l.p);
	l.uid = member_uid(c);
	if (rtnl_open(&l.nl, &l.e)) {
		tell_unseen(&l);
		return;
	}
	look_at_routes(&l);
	rtnl_close(&l.nl);
}
