/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: what the ways of `attach`, and `run`, have in common as verbs. */
#ifndef WGF_CMD_ATTACH_H
#define WGF_CMD_ATTACH_H

#include "fence.h"
#include "options.h"

int attach_dry_run(const struct options *o, struct err *e);

/* The notes, and the one line that says that enforcement stands. */
void attach_tell(const struct fence *f, const struct notes *notes);

/* The guard on the interfaces; what fails is only told: the fence holds without it. */
void attach_guard(struct fence *f);

/* attach --live: on the unit as it runs. attach --here: from the drop-in that --live made. */
int attach_live(const struct options *o, struct err *e);
int attach_here(const struct options *o, struct err *e);

#endif
