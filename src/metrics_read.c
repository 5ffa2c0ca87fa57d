// SPDX-License-Identifier: GPL-2.0-only
#include "metrics_read.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "event_print.h"
#include "flows.h"
#include "inventory.h"
#include "load_unix.h"
#include "traffic.h"
#include "wg.h"

#define NSEC 1000000000ULL

static u64 nanoseconds(struct timespec t)
{
	return (u64)t.tv_sec * NSEC + (u64)t.tv_nsec;
}

static void read_handshake(const struct link *l, struct metrics_state *ret)
{
	struct wg *wg = malloc(sizeof(*wg)); /* too large for a thread's stack */
	struct err ignored;

	if (wg && wg_read(l, wg, &ignored) == 1) {
		ret->has_handshake = true;
		ret->handshake = wg->handshake * NSEC;
	}
	free(wg);
}

static int read_tunnel(const char *name, struct metrics *m, struct err *e)
{
	const struct link *l;
	struct traffic t = {0};
	struct inventory inv;
	struct err ignored;

	if (inventory_read(&inv, e))
		return -1;
	m->tunnel_up = inventory_tunnel_up(&inv, name);
	l = inventory_link_by_name(&inv, name);
	if (l) {
		m->state.has_traffic = traffic_read(l->ifindex, &t, &ignored) == 0;
		m->state.received = t.received;
		m->state.sent = t.sent;
		read_handshake(l, &m->state);
	}
	inventory_free(&inv);
	return 0;
}

int metrics_read(const char *fence, const char *tunnel, struct metrics_reading *ret, struct err *e)
{
	const struct wgf_policy *p = &ret->standing.policy;
	struct metrics *m = &ret->metrics;
	struct timespec now;
	struct err ignored;
	u64 last;

	*m = (struct metrics){.fence = fence, .counters = &ret->standing.counters};
	if (standing_read(fence, &ret->standing, e) || flows_last(fence, &last, e) ||
	    read_tunnel(p->names[0][0] ? p->names[0] : tunnel, m, e))
		return -1;
	m->unix_hooks = unix_hooks(&ignored) > 0;
	m->enforced = standing_enforced(&ret->standing);
	m->state.has_policy = p->layout == WGF_LAYOUT;
	m->state.mode = p->mode;
	m->state.generation = p->generation;
	m->state.last_drop = last ? nanoseconds(event_realtime_now(last)) : 0;
	clock_gettime(CLOCK_REALTIME, &now);
	m->state.now = nanoseconds(now);
	return 0;
}
