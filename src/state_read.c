// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "inventory.h"
#include "state.h"
#include "wg.h"

static u64 boottime_now(void)
{
	struct timespec t = {0};

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (u64)t.tv_sec * 1000000000ULL + (u64)t.tv_nsec;
}

/* cgroup.events says it of the whole tree below (Linux 4.15, cgroup2). */
static enum people read_people(u64 cgroup_id)
{
	int dir = cgroup_id ? cgroup_open_id(cgroup_id) : -1, fd;
	char text[256];
	ssize_t n;

	if (dir < 0)
		return PEOPLE_UNKNOWN;
	fd = openat(dir, "cgroup.events", O_RDONLY | O_CLOEXEC);
	close(dir);
	if (fd < 0)
		return PEOPLE_UNKNOWN;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	if (strstr(text, "populated 1"))
		return PEOPLE_SOME;
	return strstr(text, "populated 0") ? PEOPLE_NONE : PEOPLE_UNKNOWN;
}

/*
 * The kernel answers at once. A WireGuard in user space may hang, and a daemon must not wait for
 * it: it is not asked.
 */
static void read_tunnel(struct state *s)
{
	static struct wg wg; /* too large for comfort on the stack */
	struct inventory inv = {0};
	const struct link *l;
	struct err ignored;

	if (!s->tunnel[0] || inventory_read(&inv, &ignored))
		return;
	s->tunnel_up = inventory_tunnel_up(&inv, s->tunnel);
	l = inventory_link_by_name(&inv, s->tunnel);
	memset(&wg, 0, sizeof(wg));
	if (l && strcmp(l->kind, "wireguard") == 0 && wg_read_kernel(l->name, &wg, &ignored) == 0) {
		s->shakes = true;
		s->handshake = wg.handshake;
	}
	inventory_free(&inv);
}

int state_read(const char *name, const char *cgroup, struct state *ret, struct err *e)
{
	static struct standing standing; /* likewise */
	size_t len = strlen(cgroup), room = sizeof(ret->cgroup) - 1;

	memset(ret, 0, sizeof(*ret));
	if (standing_read(name, &standing, e) ||
	    flows_top(name, ret->flows, STATE_FLOWS, &ret->n_flows, &ret->flows_total, e))
		return -1;
	ret->now = boottime_now();
	snprintf(ret->fence, sizeof(ret->fence), "%s", name);
	snprintf(ret->missing, sizeof(ret->missing), "%.*s", FLAT_TEXT - 1, standing.missing);
	snprintf(ret->cgroup, sizeof(ret->cgroup), "%s", len > room ? cgroup + len - room : cgroup);
	snprintf(ret->tunnel, sizeof(ret->tunnel), "%s", standing.policy.names[0]);
	ret->exists = standing.exists;
	ret->whole = standing.whole;
	ret->audit = standing.policy.mode == WGF_AUDIT;
	ret->in_policy = standing.policy.n_tunnels > 0;
	ret->generation = standing.policy.generation;
	ret->counters = standing.counters;
	ret->people = read_people(standing.cgroup_id);
	read_tunnel(ret);
	return 0;
}
