/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate: is the process that asks fenced?
 *
 * Owns: the comparison of what the kernel runs for the caller's own cgroup with what is pinned for
 * a fence. Needs neither configuration nor service manager: a unit that is about to start may see
 * neither. Must never change anything, nor take a lock.
 */
#ifndef WGF_GATE_H
#define WGF_GATE_H

#include "cgroup.h"
#include "standing.h"

enum gate_state {
	GATE_FENCED,
	GATE_LACKING,	/* something is missing that may come by itself in a moment */
	GATE_ELSEWHERE, /* the fence is whole, and the caller is not in it */
};

struct gate {
	enum gate_state state;
	char why[2 * PATH_MAX]; /* where not fenced */
	char path[PATH_MAX];	/* the caller's cgroup */
	struct standing standing;
};

/* One look. The mode is not judged: a fence in audit mode counts as one. */
int gate_look(const char *name, struct gate *ret, struct err *e);

#endif
