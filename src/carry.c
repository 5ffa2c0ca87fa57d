// SPDX-License-Identifier: GPL-2.0-only
#include "carry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "route_kernel.h"

#define ROUNDS 3

/* Large, hence allocated. */
struct work {
	struct rtnl nl;
	struct route_numbers n;
	struct route_set wanted, have;
	char conflict[CARRY_TEXT];
	bool removed; /* something, in this round */
};

static struct work *begin(const struct route_numbers *n, struct err *e)
{
	struct work *w = calloc(1, sizeof(*w));

	if (!w)
		err_errno(e, "no memory");
	else if (rtnl_open(&w->nl, e) == 0) {
		w->n = *n;
		return w;
	}
	free(w);
	return NULL;
}

static void end(struct work *w)
{
	rtnl_close(&w->nl);
	free(w);
}

static int read_now(struct work *w, struct err *e)
{
	return route_read(&w->nl, &w->n, &w->have, w->conflict, e);
}

static bool lacks_rule(const struct work *w, const struct route_rule *r)
{
	return !(w->have.no_ipv6 && !r->ipv4) && !route_has_rule(&w->have, r);
}

static bool lacks_default(const struct work *w, const struct route_default *d)
{
	return !(w->have.no_ipv6 && !d->ipv4) && !route_has_default(&w->have, d);
}

/* A plan has what goto leads to before it. */
static int add_rules(struct work *w, struct err *e)
{
	for (unsigned i = 0; i < w->wanted.n_rules; i++)
		if (lacks_rule(w, &w->wanted.rules[i]) &&
		    route_add_rule(&w->nl, &w->wanted.rules[i], e))
			return -1;
	return 0;
}

static int add_defaults(struct work *w, struct err *e)
{
	for (unsigned i = 0; i < w->wanted.n_defaults; i++)
		if (lacks_default(w, &w->wanted.defaults[i]) &&
		    route_add_default(&w->nl, &w->wanted.defaults[i], e))
			return -1;
	return 0;
}

static int remove_rest(struct work *w, const struct wgf_policy *p, struct err *e)
{
	w->removed = false;
	for (unsigned i = 0; i < w->have.n_rules; i++) {
		const struct route_rule *r = &w->have.rules[i];

		if (route_has_rule(&w->wanted, r) || (p && route_keep(&w->n, p, r)))
			continue;
		if (route_remove_rule(&w->nl, r, e))
			return -1;
		w->removed = true;
	}
	for (unsigned i = 0; i < w->have.n_defaults; i++)
		if (!route_has_default(&w->wanted, &w->have.defaults[i]) &&
		    route_remove_default(&w->nl, &w->have.defaults[i], e))
			return -1;
	return 0;
}

/* Others' routes in our table would be replaced: they are refused at the start, and told of later.
 */
static int refuse_conflict(const struct work *w, struct err *e)
{
	return *w->conflict ? err_set(e, EXIT_FAILED, "%s", w->conflict) : 0;
}

/*
 * The kernel removes the first rule that has what is named, and a rule to any address names none:
 * it may take another one of ours. So after a removal there is another look.
 */
int carry_put(const struct wgf_policy *p, struct err *e)
{
	const struct route_numbers n = route_numbers_of(p);
	struct work *w;
	int r = 0;

	if (!n.mask)
		return 0;
	w = begin(&n, e);
	if (!w)
		return -1;
	route_plan(&w->n, p, &w->wanted);
	w->removed = true;
	for (int i = 0; r == 0 && w->removed && i < ROUNDS; i++)
		r = read_now(w, e) || refuse_conflict(w, e) || add_defaults(w, e) ||
				    add_rules(w, e) || remove_rest(w, p, e)
			    ? -1
			    : 0;
	end(w);
	return r;
}

int carry_end(const struct route_numbers *n, const struct wgf_policy *p, struct err *e)
{
	struct route_numbers now;
	struct work *w;
	int r;

	if (!n->mask)
		return 0;
	w = begin(n, e);
	if (!w)
		return -1;
	if (p && p->mark_mask) {
		now = route_numbers_of(p);
		route_plan(&now, p, &w->wanted);
	}
	r = read_now(w, e) || remove_rest(w, NULL, e) ? -1 : 0;
	end(w);
	return r;
}

static void first_missing(const struct work *w, char missing[CARRY_TEXT])
{
	missing[0] = '\0';
	for (unsigned i = 0; !*missing && i < w->wanted.n_rules; i++)
		if (lacks_rule(w, &w->wanted.rules[i]))
			snprintf(missing, CARRY_TEXT, "an ip%s rule at priority %u",
				 w->wanted.rules[i].ipv4 ? "" : " -6", w->wanted.rules[i].priority);
	for (unsigned i = 0; !*missing && i < w->wanted.n_defaults; i++)
		if (lacks_default(w, &w->wanted.defaults[i]))
			snprintf(missing, CARRY_TEXT, "a default route of IPv%d in table %u",
				 w->wanted.defaults[i].ipv4 ? 4 : 6, w->wanted.defaults[i].table);
}

int carry_stands(const struct wgf_policy *p, char missing[CARRY_TEXT], struct err *e)
{
	const struct route_numbers n = route_numbers_of(p);
	struct work *w = begin(&n, e);
	int r;

	if (!w)
		return -1;
	route_plan(&w->n, p, &w->wanted);
	r = read_now(w, e);
	if (r == 0) {
		first_missing(w, missing);
		r = !*missing;
	}
	end(w);
	return r;
}

int carry_check(const struct route_numbers *n, char ret[CARRY_TEXT], struct err *e)
{
	struct work *w = begin(n, e);
	int r;

	if (!w)
		return -1;
	r = read_now(w, e);
	if (r && (w->nl.error == EOPNOTSUPP || w->nl.error == EAFNOSUPPORT))
		err_set(e, EXIT_UNSUPPORTED,
			"this kernel has no rules for routes (CONFIG_IP_MULTIPLE_TABLES), by which "
			"members are carried: route = off does without");
	snprintf(ret, CARRY_TEXT, "%s", w->conflict);
	end(w);
	return r;
}
