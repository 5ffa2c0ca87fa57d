// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fence's guard on the interfaces.
 *
 * Owns: when it is put in place, and what is said where it cannot be.
 */
#include "fence.h"
#include "guard.h"
#include "load.h"

/* Onto the maps that are pinned. What fails is tried again by who keeps the fence in step. */
static int load(struct fence *f, struct err *e)
{
	int maps[N_MAPS];

	if (f->guard >= 0)
		return 0;
	if (maps_open(f->config.name, maps, e))
		return -1;
	f->guard = load_guard(maps, e);
	maps_close(maps);
	return f->guard < 0 ? -1 : 0;
}

int fence_guard(struct fence *f, struct err *e)
{
	const struct wgf_policy *p = image_in_force(f->image.map);
	struct err why;
	int r = 0;

	if (!p->cgroup && !f->guards)
		return 0;
	if (!p->cgroup)
		r = guard_end(f->config.name, &why);
	else
		r = load(f, &why) || guard_put(f->config.name, f->guard, p, &why);
	f->guards = p->cgroup || r;
	return r ? err_set(e, why.code,
			   "the interfaces are not guarded as they should be, while the fence "
			   "holds: %.900s",
			   why.text)
		 : 0;
}
