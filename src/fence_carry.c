// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fence's rules and routes.
 *
 * Owns: when its numbers are refused, and which rules and routes go with a policy.
 */
#include <string.h>

#include "carry.h"
#include "fence.h"
#include "route.h"
#include "standing.h"

struct others {
	const struct config *c;
	struct route_numbers numbers;
	struct err *e;
};

/* Two marks that meet would send the members of one into the tunnel of the other. */
static int refuse_mark_of(const char *name, void *context)
{
	const struct others *o = context;
	static struct standing s; /* large */
	struct err ignored;

	if (strcmp(name, o->c->name) == 0 || standing_read(name, &s, &ignored) ||
	    !s.policy.mark_mask ||
	    (s.policy.mark ^ o->numbers.mark) & s.policy.mark_mask & o->numbers.mask)
		return 0;
	return err_set(o->e, EXIT_MISUSE,
		       "%s: fence %s has the mark 0x%x/0x%x, which meets 0x%x/0x%x: another table, "
		       "mark and priority in [route] would be right",
		       o->c->file, name, s.policy.mark, s.policy.mark_mask, o->numbers.mark,
		       o->numbers.mask);
}

static int refuse_same_mark(const struct config *c, struct err *e)
{
	struct others o = {.c = c, .e = e};

	if (c->route.off)
		return 0;
	route_numbers(c, &o.numbers);
	return pins_each_fence(refuse_mark_of, &o, e);
}

/* Rules and routes of others stay where they are, so numbers that they have cannot be ours. */
int fence_check_numbers(const struct config *c, struct err *e)
{
	char taken[CARRY_TEXT];

	if (refuse_same_mark(c, e) || carry_check(c, taken, e))
		return -1;
	return *taken ? err_set(e, EXIT_MISUSE, "%s: %s", c->file, taken) : 0;
}

int fence_carry(struct fence *f, struct err *e)
{
	const struct wgf_policy *p = image_in_force(f->image.map);
	struct err why;

	if (((f->former_mark != p->mark || f->former_mask != p->mark_mask) &&
	     carry_end(f->former_mark, f->former_mask, &why)) ||
	    carry_put(&f->config, p, &why))
		return err_set(e, why.code,
			       "members are not carried into the tunnel, and dropped where they go "
			       "elsewhere: %.600s",
			       why.text);
	f->former_mark = p->mark;
	f->former_mask = p->mark_mask;
	return 0;
}
