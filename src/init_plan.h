/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is to become of the three files: the configuration, the drop-in of the slice, that of the
 * unit.
 *
 * Owns: comparing what is there with what should be, the refusal to touch what a user edited, and
 * the order of writing. Must never write one file before all have been found fit.
 */
#ifndef WGF_INIT_PLAN_H
#define WGF_INIT_PLAN_H

#include <stdio.h>

#include "init_dropin.h"
#include "init_find.h"

enum plan_state {
	PLAN_ABSENT,
	PLAN_SAME,
	PLAN_KEPT,   /* the user's own configuration of this very unit: nobody's to replace */
	PLAN_OLD,    /* as an earlier init wrote it */
	PLAN_EDITED, /* changed since init wrote it */
	PLAN_FOREIGN /* not of init at all */
};

struct plan {
	const char *root;
	struct plan_file {
		char path[PATH_OF_INIT];
		char *wanted; /* NULL: to be removed */
		char *have;   /* NULL: not there */
		enum plan_state state;
	} files[N_PATHS];
	bool read_only; /* /etc/systemd/system cannot be written: NixOS and the like */
};

/* To write what was found, or, without findings, to remove the files of NAME and UNIT. */
int plan_write(const struct ask *ask, const struct findings *f, const struct dropin *d,
	       struct plan *ret, struct err *e);
int plan_remove(const struct ask *ask, const char *name, const char *unit, struct plan *ret,
		struct err *e);
void plan_free(struct plan *p);

/* How many files would change, and whether one of them is the user's. */
unsigned plan_changes(const struct plan *p);
const struct plan_file *plan_obstacle(const struct plan *p);

void plan_print(FILE *out, const struct plan *p);
int plan_apply(const struct plan *p, struct err *e);

#endif
