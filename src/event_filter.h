/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which events somebody wants to see.
 *
 * Owns: the filters of `wgfence events`, from their text to the answer. Pure.
 */
#ifndef WGF_EVENT_FILTER_H
#define WGF_EVENT_FILTER_H

#include "event_print.h"
#include "ip.h"
#include "reasons.h"

struct event_filter {
	u64 reasons;	     /* 1 << enum wgf_reason; 0: all */
	const char *process; /* NULL: all */
	bool has_remote;
	struct prefix remote;
	u16 port; /* 0: all */
};

_Static_assert(WGF_N_REASONS <= 64, "a bit for each reason");

/* Texts are as given, NULL where they are not; they stay the caller's, and there. */
int event_filter_read(const char *reasons, const char *process, const char *to,
		      struct event_filter *ret, struct err *e);

bool event_filter_passes(const struct event_filter *f, const struct told *t);

#endif
