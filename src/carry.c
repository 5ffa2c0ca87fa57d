// SPDX-License-Identifier: GPL-2.0-only
#include "carry.h"

#include <stdio.h>
#include <stdlib.h>

#include "route_kernel.h"

/* Large, hence allocated. */
struct work {
	struct rtnl nl;
	struct route_numbers n;
	struct route_set wanted, have;
	char conflict[CARRY_TEXT];
};

static struct work *begin(struct err *e)
{
	struct work *w = calloc(1, sizeof(*w));

	if (!w)
		err_errno(e, "no memory");
	else if (rtnl_open(&w->nl, e) == 0)
		return w;
	free(w);
	return NULL;
}

static void end(struct work *w)
{
	rtnl_close(&w->nl);
	free(w);
}

/* A plan has what goto leads to before it. */
static int add_rules(struct work *w, struct err *e)
{
	for (unsigned i = 0; i < w->wanted.n_rules; i++)
		if (!route_has_rule(&w->have, &w->wanted.rules[i]) &&
		    route_add_rule(&w->nl, &w->wanted.rules[i], e))
			return -1;
	return 0;
}

static int add_defaults(struct work *w, struct err *e)
{
	for (unsigned i = 0; i < w->wanted.n_defaults; i++)
		if (!route_has_default(&w->have, &w->wanted.defaults[i]) &&
		    route_add_default(&w->nl, &w->wanted.defaults[i], e))
			return -1;
	return 0;
}

/* Without a policy all goes. */
static int remove_rest(struct work *w, const struct wgf_policy *p, struct err *e)
{
	for (unsigned i = 0; i < w->have.n_rules; i++) {
		const struct route_rule *r = &w->have.rules[i];

		if (!route_has_rule(&w->wanted, r) && !(p && route_keep(&w->n, p, r)) &&
		    route_remove_rule(&w->nl, r, e))
			return -1;
	}
	for (unsigned i = 0; i < w->have.n_defaults; i++)
		if (!route_has_default(&w->wanted, &w->have.defaults[i]) &&
		    route_remove_default(&w->nl, &w->have.defaults[i], e))
			return -1;
	return 0;
}

static int read_now(struct work *w, struct err *e)
{
	return route_read(&w->nl, &w->n, &w->have, w->conflict, e);
}

/* What an earlier configuration put elsewhere. */
static int remove_former(struct work *w, struct err *e)
{
	struct route_numbers now = w->n;
	int r = route_find(&w->nl, now.mark, now.mask, &w->n, e);

	if (r > 0 && (w->n.table != now.table || w->n.priority != now.priority)) {
		struct route_set wanted = w->wanted;

		w->wanted = (struct route_set){0};
		r = read_now(w, e) || remove_rest(w, NULL, e) ? -1 : 0;
		w->wanted = wanted;
	}
	w->n = now;
	return r < 0 ? -1 : 0;
}

int carry_put(const struct config *c, const struct wgf_policy *p, struct err *e)
{
	struct work *w;
	int r;

	if (!p->mark_mask)
		return 0;
	w = begin(e);
	if (!w)
		return -1;
	route_numbers(c, &w->n);
	route_plan(&w->n, p, &w->wanted);
	r = remove_former(w, e) || read_now(w, e) || add_defaults(w, e) || add_rules(w, e) ||
			    remove_rest(w, p, e)
		    ? -1
		    : 0;
	end(w);
	return r;
}

int carry_end(u32 mark, u32 mask, struct err *e)
{
	struct work *w;
	int r;

	if (!mask)
		return 0;
	w = begin(e);
	if (!w)
		return -1;
	r = route_find(&w->nl, mark, mask, &w->n, e);
	if (r > 0)
		r = read_now(w, e) || remove_rest(w, NULL, e) ? -1 : 0;
	end(w);
	return r;
}

static void first_missing(const struct work *w, char missing[CARRY_TEXT])
{
	missing[0] = '\0';
	for (unsigned i = 0; !*missing && i < w->wanted.n_rules; i++)
		if (!route_has_rule(&w->have, &w->wanted.rules[i]))
			snprintf(missing, CARRY_TEXT, "an ip%s rule at priority %u",
				 w->wanted.rules[i].ipv4 ? "" : " -6", w->wanted.rules[i].priority);
	for (unsigned i = 0; !*missing && i < w->wanted.n_defaults; i++)
		if (!route_has_default(&w->have, &w->wanted.defaults[i]))
			snprintf(missing, CARRY_TEXT, "a default route of IPv%d in table %u",
				 w->wanted.defaults[i].ipv4 ? 4 : 6, w->wanted.defaults[i].table);
}

int carry_stands(const struct config *c, const struct wgf_policy *p, char missing[CARRY_TEXT],
		 struct err *e)
{
	struct work *w = begin(e);
	int r;

	if (!w)
		return -1;
	route_numbers(c, &w->n);
	route_plan(&w->n, p, &w->wanted);
	r = read_now(w, e);
	if (r == 0) {
		first_missing(w, missing);
		r = !*missing;
	}
	end(w);
	return r;
}

int carry_check(const struct config *c, char ret[CARRY_TEXT], struct err *e)
{
	struct work *w;
	int r;

	ret[0] = '\0';
	if (c->route.off)
		return 0;
	w = begin(e);
	if (!w)
		return -1;
	route_numbers(c, &w->n);
	r = read_now(w, e);
	snprintf(ret, CARRY_TEXT, "%s", w->conflict);
	end(w);
	return r;
}
