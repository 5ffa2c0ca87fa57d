// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fence's guard on the interfaces.
 *
 * Owns: when it is put in place, and what is said where it cannot be.
 */
#include "fence.h"
#include "guard.h"

int fence_guard(struct fence *f, struct err *e)
{
	const struct wgf_policy *p = image_in_force(f->image.map);
	struct err why;
	int r = 0;

	if (!p->cgroup && !f->guards)
		return 0;
	if (!p->cgroup)
		r = guard_end(f->config.name, &why);
	else if (f->guard < 0)
		r = err_set(&why, EXIT_UNSUPPORTED, "%.900s", f->unguarded.text);
	else
		r = guard_put(f->config.name, f->guard, p, &why);
	f->guards = p->cgroup || r;
	return r ? err_set(e, why.code,
			   "the interfaces are not guarded as they should be, while the fence "
			   "holds: %.900s",
			   why.text)
		 : 0;
}
