/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counters: packets and bytes of every verdict.
 *
 * Owns: their layout in the pinned per-CPU map, one element that holds them all, so that user space
 * reads one consistent row a CPU with one call. For calls, packets counts calls and bytes stays 0.
 * What passes the fast way is counted in the image instead (struct wgf_row): whoever reads adds it.
 */
#ifndef WGF_COUNTERS_H
#define WGF_COUNTERS_H

#include "facts.h"
#include "reasons.h"

/* What became of the record of a drop. All of them together are all drops and refused calls. */
enum wgf_fate {
	WGF_SENT,	  /* as an event */
	WGF_FLOW_LIMITED, /* not sent: its flow had one a moment ago */
	WGF_RATE_LIMITED, /* not sent: too many of all flows */
	WGF_RING_FULL,	  /* not sent: nobody reads */
	WGF_N_FATES
};

/* [enum wgf_mode]: what audit mode would have dropped is kept apart from what was dropped. */
struct wgf_counters {
	struct wgf_count of[2][WGF_N_HOOKS][WGF_N_FAMILIES][WGF_MAX_REASONS];
	u64 records[8]; /* by enum wgf_fate */
};

/* A per-CPU map's value may not exceed 32 KiB (PCPU_MIN_UNIT_SIZE). */
_Static_assert(WGF_N_FATES <= 8, "the counters have room for every fate");
_Static_assert(sizeof(struct wgf_counters) <= 32768, "fits a per-CPU value");

#endif
