/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stream of events: from the kernel's ring to the hub.
 *
 * Owns: reading the ring, which the daemon alone does, and knowing which kinds of drop there were.
 * The kernel limits how much is in it.
 */
#ifndef WGF_STREAM_H
#define WGF_STREAM_H

#include <systemd/sd-event.h>

#include "err.h"
#include "event_print.h"

struct stream;

/*
 * `events` is the ring's fd, which stays the caller's. `first` is told of the first event of each
 * reason at each hook.
 */
int stream_open(const char *fence, int events, sd_event *event,
		void (*first)(const struct told *t, void *context), void *context,
		struct stream **ret, struct err *e);

/* Hands on what is in the ring, then ends; NULL is fine. */
void stream_close(struct stream *s);

#endif
