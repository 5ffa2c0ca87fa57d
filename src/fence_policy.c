// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fence's policy: compiled for what exists now, published, and put in step with a configuration.
 *
 * Owns: what refuses a policy, and when one is published. Must never touch links.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fence_parts.h"
#include "sound.h"

int fence_compile(const struct fence *f, const struct config *c, struct wgf_policy *policy,
		  struct notes *notes, struct err *e)
{
	struct inventory inv;

	if (inventory_read(&inv, e))
		return -1;
	policy_compile(c, &inv, f->netns, f->cgroup.id, policy, notes);
	inventory_free(&inv);
	fence_note_unix(c, notes);
	/* What is in force stays so: the programs would not keep their promise with this one. */
	if (!policy_is_sound(policy))
		return err_set(e, EXIT_FAILED,
			       "the policy that was compiled is not sound and is not published: "
			       "a defect of wgfence, please report it");
	return 0;
}

int fence_refuse_conflict(const struct config *c, const struct notes *notes, struct err *e)
{
	const struct note *n = notes_conflict(notes);

	return n ? err_set(e, EXIT_MISUSE, "%s:%u: %s", c->file, n->line, n->text) : 0;
}

/* Two fences that start at once must not both find the same numbers free. */
int fence_publish(struct fence *f, const struct config *c, const struct wgf_policy *policy,
		  struct err *e)
{
	int all = pins_lock_all(e), r;

	if (all < 0)
		return -1;
	r = fence_check_numbers(c, e) || image_publish(&f->image, policy, e) ? -1 : 0;
	close(all);
	return r;
}

int fence_refresh(struct fence *f, bool *ret_changed, struct notes *ret_notes, struct err *e)
{
	const struct wgf_policy *in_force = image_in_force(f->image.map);
	struct wgf_policy policy;

	if (fence_compile(f, &f->config, &policy, ret_notes, e))
		return -1;
	*ret_changed = !in_force || !policy_same(in_force, &policy);
	return *ret_changed ? image_publish(&f->image, &policy, e) : 0;
}

/* Where the fence stands must not move under its members: that takes a start of its own. */
static int check_same_cgroup(const struct fence *f, const struct config *c, struct err *e)
{
	if (strcmp(f->config.unit, c->unit) == 0 && strcmp(f->config.cgroup, c->cgroup) == 0)
		return 0;
	return err_set(e, EXIT_MISUSE,
		       "%s: another unit or cgroup than the fence stands on, %s; detach it first",
		       c->file, f->cgroup.path);
}

int fence_reload(struct fence *f, const struct config *c, struct notes *ret_notes, struct err *e)
{
	struct wgf_policy policy;
	struct err ignored;

	if (check_same_cgroup(f, c, e) || fence_compile(f, c, &policy, ret_notes, e) ||
	    fence_refuse_conflict(c, ret_notes, e) || fence_load_unix(f, c, e) ||
	    fence_publish(f, c, &policy, e)) {
		/* What was loaded for the refused one must not be placed for the one that stands.
		 */
		(void)fence_drop_unix(f, &f->config, &ignored);
		return -1;
	}
	f->unix_switched |= f->config.unix_off != c->unix_off;
	f->config = *c;
	/* What fails here is tried again by who keeps the fence in step, and told of. */
	f->names_stale = true;
	(void)fence_keep_unix(f, &ignored);
	return 0;
}
