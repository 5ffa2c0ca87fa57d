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
#include "policy.h"

enum metrics_daemon { NO_DAEMON, DAEMON_ENDED, DAEMON_RUNS };

/* What is not counted. Instants are nanoseconds since 1970; 0: never. */
struct metrics_state {
	bool has_policy;
	enum wgf_mode mode;
	u64 generation;
	bool has_handshake, has_traffic; /* the tunnel is WireGuard; it is there */
	u64 handshake;
	u64 received, sent;
	u64 last_drop;
	u64 now;		    /* the instant of writing */
	enum metrics_daemon daemon; /* who writes; NO_DAEMON: a command, which knows of none */
};

struct metrics {
	const char *fence;
	bool enforced, tunnel_up;
	const struct wgf_counters *counters; /* summed over the CPUs */
	struct metrics_state state;
	bool unix_hooks; /* the kernel has those for unix sockets */
};

/* Families of several fences are printed together, as the format demands. */
void metrics_print(FILE *out, const struct metrics *fences, unsigned n);

#endif
