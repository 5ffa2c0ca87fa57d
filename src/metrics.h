/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Prometheus text.
 *
 * Owns: names, labels and format of the metrics (wgfence-metrics(7)). Pure.
 */
#ifndef WGF_METRICS_H
#define WGF_METRICS_H

#include <stdbool.h>
#include <stdio.h>

#include "counters.h"

struct metrics {
	const char *fence;
	bool enforced, tunnel_up;
	const struct wgf_counters *counters; /* summed over the CPUs */
	bool unix_hooks;		     /* the kernel has those for unix sockets */
};

/* Families of several fences are printed together, as the format demands. */
void metrics_print(FILE *out, const struct metrics *fences, unsigned n);

#endif
