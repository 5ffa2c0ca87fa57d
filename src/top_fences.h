/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which fences there are to look at: those whose daemons answer.
 *
 * Owns: the list, sorted by name.
 */
#ifndef WGF_TOP_FENCES_H
#define WGF_TOP_FENCES_H

#include "list.h"

int top_fences(const char *dir, struct list *ret, struct err *e);

/* The one behind `name`, or before it, round and round; `name` where there is no other. */
const char *top_fence_beside(const struct list *fences, const char *name, int step);

#endif
