/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a fence stands that was put on a running unit: on the unit's own cgroup, not on its slice.
 *
 * Owns: the record of that, DIR/NAME/cgroup, which ends with the boot as the cgroup does. Without
 * one a fence stands on its slice.
 */
#ifndef WGF_LIVE_H
#define WGF_LIVE_H

#include <stddef.h>

#include "rundir.h"

/* 1: `ret` is the path inside cgroup2; 0: there is no record; -1: e. */
int live_read(const char *dir, const char *name, char *ret, size_t size, struct err *e);

/* At every instant the old record is there or the new one, whole. */
int live_write(const char *dir, const char *name, const char *cgroup, struct err *e);

/* That there is none is no error. */
int live_remove(const char *dir, const char *name, struct err *e);

#endif
