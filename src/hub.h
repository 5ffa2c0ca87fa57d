/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hub: events to whoever connects, over a unix socket (wgfence-events(7)).
 *
 * Owns: the readers, and that none of them costs more than its share: a line never waits for a
 * reader, and nothing that a reader sends is read. Must never be needed for the fence: whoever
 * cannot open a hub goes on without.
 */
#ifndef WGF_HUB_H
#define WGF_HUB_H

#include <stddef.h>
#include <systemd/sd-event.h>

#include "err.h"

#define HUB_MAX_READERS 16

struct hub;

/* Listens at /run/wgfence/NAME/events. The caller holds the fence's lock. */
int hub_open(const char *name, sd_event *event, struct hub **ret, struct err *e);
/* The same elsewhere, and for another group. */
int hub_open_at(const char *dir, const char *group, const char *name, sd_event *event,
		struct hub **ret, struct err *e);

/* A whole line, its '\n' included, to every reader; it is kept for none that has no room for it. */
void hub_publish(struct hub *h, const char *line, size_t len);

/* How many there are: with none, no line needs to be made. */
unsigned hub_readers(const struct hub *h);

/* NULL is fine. */
void hub_close(struct hub *h);

#endif
