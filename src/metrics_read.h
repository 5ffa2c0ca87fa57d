/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The metrics of a fence, read from the kernel and the machine.
 *
 * Owns: what is asked, for the command and the daemon's file alike. Needs nothing of the daemon's,
 * so that a thread can do it. A tunnel that cannot be asked for its handshake has none to show.
 */
#ifndef WGF_METRICS_READ_H
#define WGF_METRICS_READ_H

#include "config.h"
#include "metrics.h"
#include "standing.h"

struct metrics_reading {
	struct standing standing; /* holds the counters */
	struct metrics metrics;
};

/* `tunnel`: its name in the configuration, for where no policy is in force; "" where unknown. */
int metrics_read(const char *fence, const char *tunnel, struct metrics_reading *ret, struct err *e);

#endif
