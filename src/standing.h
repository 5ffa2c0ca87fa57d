/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands: a fence as the kernel and the pins show it.
 *
 * Owns: reading it back, for `status`, `metrics`, `explain` and for whoever put it in place. Needs
 * no configuration. Must never change anything.
 */
#ifndef WGF_STANDING_H
#define WGF_STANDING_H

#include <stdbool.h>

#include "counters.h"
#include "err.h"
#include "links.h"
#include "policy.h"

struct standing {
	bool exists; /* there are pins */
	/* Every program in effect on the same cgroup, reading the pinned policy; those for unix
	 * sockets only where there is one of them. */
	bool whole;
	char missing[256]; /* where not whole: the first thing that is missing */
	u64 cgroup_id;
	u32 image_id;		      /* of the pinned image */
	unsigned in_effect;	      /* how many of N_LINKS */
	bool unix_held;		      /* those for unix sockets are there, and in effect if whole */
	struct wgf_policy policy;     /* in force; layout 0 where none is */
	struct wgf_counters counters; /* summed over the CPUs */
};

int standing_read(const char *name, struct standing *ret, struct err *e);

/* Whole, with a policy in force, and not in audit mode. */
bool standing_enforced(const struct standing *s);

#endif
