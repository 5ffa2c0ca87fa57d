// SPDX-License-Identifier: GPL-2.0-only
#include "detach.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "carry.h"
#include "cgroup.h"
#include "fence_maps.h"
#include "guard.h"
#include "links.h"
#include "netns.h"
#include "pins.h"
#include "standing.h"

#define MAX_PINS 256

/* Where the egress link stands; the cgroup's fd is -1 where it is gone. */
static int open_cgroup(const char *name, struct err *e)
{
	struct link_state link;

	for (int i = N_LINKS - 1; i >= 0; i--) {
		if (link_read(name, &link_kinds[i], &link, e))
			return -2;
		if (link.cgroup_id)
			return cgroup_open_id(link.cgroup_id);
	}
	return -1;
}

/* Only the fence's own network namespace shows the members' sockets. */
static int check_namespace(const char *name, struct err *e)
{
	u64 netns, here;

	if (maps_netns(name, &netns, e))
		return -1;
	if (!netns)
		return 0;
	if (netns_cookie(&here, e))
		return -1;
	return netns == here ? 0
			     : err_set(e, EXIT_FAILED,
				       "fence %s stands in another network namespace, where its "
				       "members' sockets are; go there (nsenter --net), or say "
				       "--force",
				       name);
}

static int refuse_while_in_use(const char *name, struct members *m, struct err *e)
{
	int cgroup = open_cgroup(name, e), failed;

	if (cgroup == -2)
		return -1;
	failed = members_count(cgroup, m, e);
	if (cgroup >= 0)
		close(cgroup);
	if (failed)
		return -1;
	if (m->sockets || m->orphans)
		return err_set(
			e, EXIT_FAILED,
			"members hold %u sockets%s, which would go on outside the tunnel; stop the "
			"service first, or say --force",
			m->sockets + m->orphans,
			m->orphans ? " (some of a cgroup that was removed)" : "");
	return 0;
}

struct list {
	char *pin[MAX_PINS];
	unsigned n;
};

static int add_pin(const char *pin, void *context)
{
	struct list *list = context;

	for (int i = 0; i < N_LINKS; i++)
		if (strcmp(pin, link_kinds[i].pin) == 0)
			return 0;
	if (list->n < MAX_PINS)
		list->pin[list->n++] = strdup(pin);
	return 0;
}

/* The links in their order, egress last; then what else is there: retired links and the maps. */
static int remove_pins(const char *name, struct err *e)
{
	struct list list = {0};
	struct link_state link;
	int ret = 0;

	for (int i = 0; ret == 0 && i < N_LINKS; i++) {
		ret = link_read(name, &link_kinds[i], &link, e);
		if (ret == 0 && link.pinned)
			ret = pins_remove(name, link_kinds[i].pin, e);
	}
	while (ret == 0) {
		list.n = 0;
		ret = pins_each(name, add_pin, &list, e);
		if (ret == 0 && !list.n)
			break;
		for (unsigned i = 0; i < list.n; i++) {
			if (ret == 0 && list.pin[i])
				ret = pins_remove(name, list.pin[i], e);
			free(list.pin[i]);
		}
	}
	if (ret == 0)
		pins_remove_empty_dir(name);
	return ret;
}

/*
 * Guard, rules and routes before the pins: killed in between, the fence stands, and can be taken
 * down again. What it no longer carries it drops. A fence that cannot be read, another layout's,
 * stays with all it has, unless it is forced; the guard is known by its name alone.
 */
static int end_outside(const char *name, bool force, struct err *e)
{
	static struct standing s; /* large */
	int unread = standing_read(name, &s, e), guarded;
	struct route_numbers n;
	struct err why;

	if (unread && !force)
		return -1;
	guarded = guard_end(name, &why);
	if (guarded)
		*e = why;
	if (unread)
		return -1;
	n = route_numbers_of(&s.policy);
	return carry_end(&n, NULL, e) || guarded ? -1 : 0;
}

int detach(const char *name, bool force, struct members *ret, struct err *ret_left, struct err *e)
{
	struct err ignored;
	struct pins pins;
	int failed;
	bool here;

	*ret = (struct members){0};
	*ret_left = (struct err){0};
	if (geteuid() != 0)
		return err_set(e, EXIT_FAILED, "only root can take a fence down");
	if (!pins_exist(name))
		return err_set(e, EXIT_NOT_ENFORCED, "no fence named %s stands", name);
	if (pins_lock(name, &pins, e))
		return -1;
	failed = refuse_while_in_use(name, ret, e);
	here = check_namespace(name, failed ? &ignored : e) == 0;
	failed |= !here;
	/* In another namespace those numbers may be another fence's. */
	if (!here)
		err_set(ret_left, EXIT_FAILED,
			"those of another network namespace are not touched");
	else if ((!failed || force) && end_outside(name, force, ret_left)) {
		failed = -1;
		*e = *ret_left;
	}
	if (!failed || force)
		failed = remove_pins(name, e);
	pins_unlock(&pins);
	return failed;
}
