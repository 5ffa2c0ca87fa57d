// SPDX-License-Identifier: GPL-2.0-only
/*
 * What carries members: a fence's rules and routes, and how they find names.
 *
 * Owns: when its numbers are refused, and which rules and routes go with a policy.
 */
#include <string.h>

#include "carry.h"
#include "fence.h"
#include "resolver.h"
#include "rundir.h"
#include "standing.h"

struct others {
	const struct config *c;
	struct route_numbers numbers;
	struct err *e;
};

/* Each would take what is the other's for its own, and the members of one go into both tunnels. */
static int refuse_numbers_of(const char *name, void *context)
{
	const struct others *o = context;
	static struct standing s; /* large */
	struct route_numbers theirs;
	struct err ignored;

	if (strcmp(name, o->c->name) == 0 || standing_read(name, &s, &ignored))
		return 0;
	theirs = route_numbers_of(&s.policy);
	if (!theirs.mask || !route_numbers_meet(&theirs, &o->numbers))
		return 0;
	return err_set(
		o->e, EXIT_MISUSE,
		"%s: fence %s has table %u, priority %u to %u and mark 0x%x/0x%x, of which one "
		"is this one's, too (%u, %u to %u, 0x%x/0x%x): others in [route] would be right",
		o->c->file, name, theirs.table, theirs.priority,
		theirs.priority + ROUTE_PRIORITIES - 1, theirs.mark, theirs.mask, o->numbers.table,
		o->numbers.priority, o->numbers.priority + ROUTE_PRIORITIES - 1, o->numbers.mark,
		o->numbers.mask);
}

/* Rules and routes of others stay where they are, so numbers that they have cannot be ours. */
int fence_check_numbers(const struct config *c, struct err *e)
{
	struct others o = {.c = c, .e = e};
	char taken[CARRY_TEXT];

	if (c->route.off)
		return 0;
	route_numbers(c, &o.numbers);
	if (pins_each_fence(refuse_numbers_of, &o, e) || carry_check(&o.numbers, taken, e))
		return -1;
	return *taken ? err_set(e, EXIT_MISUSE, "%s: %s", c->file, taken) : 0;
}

int fence_carry(struct fence *f, struct err *e)
{
	const struct wgf_policy *p = image_in_force(f->image.map);
	struct route_numbers now = route_numbers_of(p);
	struct err why;

	if (resolver_write(RUN_DIR, &f->config, e))
		return -1;
	if (carry_put(p, &why) ||
	    (memcmp(&now, &f->carried, sizeof(now)) != 0 && carry_end(&f->carried, p, &why)))
		return err_set(
			e, why.code,
			"members are not carried into the tunnel as they should be; what goes "
			"elsewhere is dropped: %.600s",
			why.text);
	f->carried = now;
	return 0;
}
