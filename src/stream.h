/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stream of events: from the kernel's ring to the hub.
 *
 * Owns: reading the ring, which the daemon alone does. The kernel limits how much is in it.
 */
#ifndef WGF_STREAM_H
#define WGF_STREAM_H

#include <systemd/sd-event.h>

#include "err.h"

struct stream;

/* `events` is the ring's fd, which stays the caller's. */
int stream_open(const char *fence, int events, sd_event *event, struct stream **ret, struct err *e);

/* Hands on what is in the ring, then ends; NULL is fine. */
void stream_close(struct stream *s);

#endif
