/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The socket of a fence's state: whoever connects gets it once, and the end.
 *
 * Owns: /run/wgfence/NAME/state, on the daemon's event loop. Nothing is kept of who asked, nothing
 * that is sent is read, and nobody is waited for: an answer for which there is no room in the
 * socket is cut short, which its missing `end` shows. Costs nothing while nobody asks.
 */
#ifndef WGF_STATE_SERVE_H
#define WGF_STATE_SERVE_H

#include <systemd/sd-event.h>

#include "err.h"

#define STATE_SOCKET "state"

struct state_server;

/* `name` and `cgroup`, the path of the fence's, stay the caller's, and there. */
int state_serve(const char *name, const char *cgroup, sd_event *event, struct state_server **ret,
		struct err *e);

/* NULL is fine. */
void state_unserve(struct state_server *s);

#endif
