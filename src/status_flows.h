/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ledger's part of `status`: what was recorded, and the flows that were dropped most.
 *
 * Owns: its two forms.
 */
#ifndef WGF_STATUS_FLOWS_H
#define WGF_STATUS_FLOWS_H

#include <stdio.h>

#include "counters.h"
#include "flows.h"

#define TOP_FLOWS 10

struct top_flows {
	struct flow flow[TOP_FLOWS];
	unsigned n, total;
};

/* A line; `now` as the times of flows. */
void flow_people(FILE *out, const struct flow *f, u64 now);

void flows_people(FILE *out, const struct top_flows *top, const struct wgf_counters *counters);

/* Members of an object, without a comma behind the last. */
void flows_json(FILE *out, const struct top_flows *top, const struct wgf_counters *counters);

#endif
