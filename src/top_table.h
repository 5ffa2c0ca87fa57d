/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: the one plain table of `wgfence top --once`, as wide as it is. Pure. */
#ifndef WGF_TOP_TABLE_H
#define WGF_TOP_TABLE_H

#include "top_model.h"

/* `now` is the wall clock's, in seconds. */
void top_table(FILE *out, const struct top *t, u64 now);

#endif
