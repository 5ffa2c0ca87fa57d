/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /run/wgfence, and in it a directory for each fence.
 *
 * Owns: whose they may be. What others could write to would not be ours.
 */
#ifndef WGF_RUNDIR_H
#define WGF_RUNDIR_H

#include "err.h"

#define RUN_DIR "/run/wgfence"

/*
 * DIR/NAME, both made where they are not there; they must be root's (or the caller's own, who is
 * root but in tests). Returns a descriptor.
 */
int run_dir_open(const char *dir, const char *name, struct err *e);

#endif
