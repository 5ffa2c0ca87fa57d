/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Free slots before they are needed: the wait for readers, in the background.
 *
 * Owns: when to wait. It takes some ten milliseconds, in which the daemon would not follow the
 * machine, so a worker does it, which touches nothing of the daemon's but the result.
 */
#ifndef WGF_RECLAIM_H
#define WGF_RECLAIM_H

#include <systemd/sd-event.h>

#include "image.h"

struct reclaim;

int reclaim_open(sd_event *event, struct image *img, struct reclaim **ret, struct err *e);

/* After a publication: begins to wait where slots become few. */
void reclaim_some(struct reclaim *r);

/* Waits for the thread; NULL is fine. */
void reclaim_close(struct reclaim *r);

#endif
