/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cgroup, those below it, and the processes in them.
 *
 * Owns: walking them. What vanishes meanwhile is left out.
 */
#ifndef WGF_CHECK_TREE_H
#define WGF_CHECK_TREE_H

#include <stdbool.h>
#include <sys/types.h>

#include "err.h"
#include "types.h"

struct tree_cgroup {
	u64 id;
	char *path; /* from the first on: "" is that itself */
};

struct tree_process {
	pid_t pid;
	unsigned cgroup; /* its place among the cgroups */
};

struct tree {
	struct tree_cgroup *cgroups;
	struct tree_process *processes;
	unsigned n_cgroups, n_processes;
};

/* Of the directory `cgroup`. */
int tree_read(int cgroup, struct tree *ret, struct err *e);
void tree_free(struct tree *t);

bool tree_has(const struct tree *t, u64 cgroup_id);
bool tree_has_process(const struct tree *t, pid_t pid);

/* The directory of one of its cgroups, to be closed; -1 where it has gone. */
int tree_open(const struct tree *t, int cgroup, unsigned i);

#endif
