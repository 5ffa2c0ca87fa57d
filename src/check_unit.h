/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the unit's examination share.
 *
 * Owns: the unit, and the commands that mend it.
 */
#ifndef WGF_CHECK_UNIT_H
#define WGF_CHECK_UNIT_H

#include "check.h"
#include "init_find.h"
#include "init_property.h"

struct unit_check {
	struct check *c;
	struct unit unit;
	bool edited; /* our drop-in is there and not as init wrote it: init refuses to replace it */
};

/* The lines of init's drop-in that do not hold for it. Finds out whether ours was edited. */
void check_lines(struct unit_check *uc, const struct list *properties);

void mend_by_init(struct unit_check *uc);
void mend_by_restart(struct unit_check *uc);

#endif
