/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The legend: how to read what a fence has counted, for programs that come later.
 *
 * Owns: a description that is pinned beside the counters of each layout. Never changes, whatever
 * else does: a newer wgfence knows by it what older programs counted, and under which reason.
 *
 * The counters of a CPU, and the sums in struct wgf_former, are [2][hooks][families][reasons] of
 * {u64 packets, u64 bytes}, and behind them `fates` of u64. Rows in the image are [egress, ingress]
 * [IPv4, IPv6] of {u64 packets, u64 bytes}, of the reason `tunnel` in mode 0.
 */
#ifndef WGF_LEGEND_H
#define WGF_LEGEND_H

#include "types.h"

#define WGF_LEGEND_MAGIC   0x7767666c /* "wgfl" */
#define WGF_LEGEND_HOOKS   16
#define WGF_LEGEND_REASONS 64
#define WGF_LEGEND_TEXT	   32

struct wgf_legend {
	u32 magic;
	u32 layout;
	u32 hooks, families, reasons, fates;
	u32 counters_size; /* of the per-CPU value, and of the sums in struct wgf_former */
	u32 image_size, rows_offset, rows;
	u32 sums_offset; /* in struct wgf_former */
	u32 done_offset; /* likewise, a u32: 1 once the sums hold what former layouts counted */
	char hook[WGF_LEGEND_HOOKS][WGF_LEGEND_TEXT];	  /* labels */
	char reason[WGF_LEGEND_REASONS][WGF_LEGEND_TEXT]; /* labels */
};

#endif
