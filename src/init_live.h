/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The drop-in of a unit that is fenced live, below /run: it ends with the boot.
 *
 * Owns: its text and where it lies. Its gate attaches by itself: each start of the unit makes a new
 * cgroup, and no daemon need be there.
 */
#ifndef WGF_INIT_LIVE_H
#define WGF_INIT_LIVE_H

#include <stdbool.h>

#include "err.h"

/* `binary` is this program's path. */
int live_dropin_write(const char *root, const char *unit, const char *name, const char *binary,
		      struct err *e);

/* Those of the fence, whichever units' they are; *ret_removed says whether there were any. */
int live_dropins_remove(const char *root, const char *name, bool *ret_removed, struct err *e);

#endif
