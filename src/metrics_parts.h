/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What metrics.c (what is counted) and metrics_state.c (what is not) share. Private to them.
 */
#ifndef WGF_METRICS_PARTS_H
#define WGF_METRICS_PARTS_H

#include "metrics.h"

void metrics_label(FILE *out, const char *name, const char *value);
void metrics_head(FILE *out, const char *name, const char *help, const char *type);

void metrics_print_state(FILE *out, const struct metrics *fences, unsigned n);

#endif
