/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tally: what programs of any layout have counted, in the terms of this one.
 *
 * Owns: writing a legend, and reading counters by one. Pure. Believes no number in a legend.
 */
#ifndef WGF_TALLY_H
#define WGF_TALLY_H

#include <stdbool.h>

#include "counters.h"
#include "legend.h"

/* What former layouts counted, beside the legend: a map of its own, pinned. */
struct wgf_former {
	struct wgf_legend legend;
	u32 done; /* 1: `sums` holds it; 0: the former maps are still there, if there were any */
	u32 pad;
	struct wgf_counters sums;
};

void tally_legend(struct wgf_legend *ret);

/* Is it a legend, and can what it describes be as it says? */
bool tally_understands(const struct wgf_legend *legend);

/* Adds `legend->counters_size` bytes of counters (of a CPU, or sums). */
void tally_counters(const struct wgf_legend *legend, const void *counters,
		    struct wgf_counters *sum);

/* Adds the rows in an image of `legend->image_size` bytes. */
void tally_rows(const struct wgf_legend *legend, const void *image, struct wgf_counters *sum);

#endif
