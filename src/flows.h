/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of dropped flows, read from the kernel.
 *
 * Owns: picking those that were dropped most. The kernel bounds the table, and forgets what was
 * seen longest ago.
 */
#ifndef WGF_FLOWS_H
#define WGF_FLOWS_H

#include "err.h"
#include "event.h"

struct flow {
	struct wgf_flow_key key;
	struct wgf_flow value;
};

/* The flows with the highest counts, at most `max`, highest first; how many there are in all. */
int flows_top(const char *fence, struct flow *ret, unsigned max, unsigned *ret_n,
	      unsigned *ret_total, struct err *e);

/* When any of them was dropped last (CLOCK_BOOTTIME, nanoseconds); 0: none. */
int flows_last(const char *fence, u64 *ret, struct err *e);

#endif
