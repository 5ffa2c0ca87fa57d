/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of a fence at an instant: what `wgfence top` shows, and what the daemon answers whoever
 * may not read the pins (wgfence-events(7), THE STATE).
 *
 * Owns: the picture, reading it from the kernel, and its lines of JSON, both ways. Must never
 * change anything.
 */
#ifndef WGF_STATE_H
#define WGF_STATE_H

#include <stdio.h>

#include "config.h"
#include "flows.h"
#include "json_flat.h"
#include "standing.h"

#define STATE_FLOWS    32
#define STATE_MAX_TEXT (512UL * 1024) /* an answer that is longer is none */

enum people { PEOPLE_UNKNOWN, PEOPLE_NONE, PEOPLE_SOME };

struct state {
	char fence[FENCE_NAME_MAX + 1];
	bool exists, whole, audit;
	char missing[FLAT_TEXT]; /* where not whole: the first thing */
	char cgroup[FLAT_TEXT];	 /* its path, or the end of it; "": not known */
	enum people people;	 /* is a process in it? */
	char tunnel[WGF_IFNAME];
	bool tunnel_up, in_policy;
	bool shakes;   /* WireGuard, and the kernel's own: `handshake` is known */
	u64 handshake; /* seconds since 1970; 0: none yet */
	u64 generation;
	u64 now; /* nanoseconds since boot, as in flows */
	struct wgf_counters counters;
	struct flow flows[STATE_FLOWS];
	unsigned n_flows, flows_total;
};

/* From the pins, for root; `cgroup` is the fence's, "" where the caller does not know it. */
int state_read(const char *name, const char *cgroup, struct state *ret, struct err *e);

/* Lines, the last of them an `end`. */
void state_json(FILE *out, const struct state *s);

/* Pure; takes hostile input. False where the text is no whole answer. */
bool state_parse(const char *text, size_t len, struct state *ret);

#endif
