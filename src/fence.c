// SPDX-License-Identifier: GPL-2.0-only
#include "fence.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fence_parts.h"
#include "links.h"
#include "netns.h"
#include "resolver.h"
#include "rundir.h"
#include "sets.h"
#include "standing.h"

/*
 * Interface numbers mean nothing in another network namespace, and members' sockets stay where they
 * were made.
 */
static int check_namespace(const struct fence *f, struct err *e)
{
	u64 netns;

	if (maps_netns(f->config.name, &netns, e))
		return -1;
	if (netns && netns != f->netns)
		return err_set(e, EXIT_FAILED,
			       "fence %s stands in another network namespace; go there (nsenter "
			       "--net), or detach it first",
			       f->config.name);
	return 0;
}

/* The image last: a set that has one is complete. */
static int pin_maps(const struct fence *f, const int maps[N_MAPS], struct err *e)
{
	char pin[MAP_PIN];

	if (sets_describe(f->config.name, e))
		return -1;
	for (int id = N_MAPS - 1; id >= 0; id--) {
		int fd = bpf_map__fd(load_map(f->skel->obj, (enum map_id)id));

		map_pin(map_name((enum map_id)id), WGF_LAYOUT, pin);
		if (maps[id] < 0 && pins_put(f->config.name, pin, fd, e))
			return -1;
	}
	return 0;
}

static int open_image(struct fence *f, struct err *e)
{
	int fd = bpf_map__fd(load_map(f->skel->obj, MAP_IMAGE));
	struct bpf_map_info info = {0};
	u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return err_errno(e, "cannot read the policy image");
	f->image_id = info.id;
	return image_open(fd, &f->image, e);
}

/* New maps are pinned before any link, so that a link never stands on maps that are lost. */
static int open_maps(struct fence *f, struct err *e)
{
	int maps[N_MAPS], ret = -1;

	if (maps_open(f->config.name, maps, e))
		return -1;
	if (check_namespace(f, e) == 0)
		f->skel = load_programs(maps, e);
	if (f->skel && open_image(f, e) == 0)
		ret = pin_maps(f, maps, e);
	maps_close(maps);
	return ret;
}

/* Those of a policy that somebody else put in force: rules and routes are there for them. */
static void note_carried(struct fence *f)
{
	const struct wgf_policy *p = image_in_force(f->image.map);

	if (p)
		f->carried = route_numbers_of(p);
}

static int keep_map(const struct fence *f, enum map_id id, int *ret, struct err *e)
{
	*ret = fcntl(bpf_map__fd(load_map(f->skel->obj, id)), F_DUPFD_CLOEXEC, 3);
	return *ret < 0 ? err_errno(e, "cannot keep the map %s", map_name(id)) : 0;
}

/* All that can be refused first, then what closes, and last what opens. */
static int put_in_place(struct fence *f, const struct wgf_policy *policy, struct err *e)
{
	const struct config *c = &f->config;
	const char *name = c->name;
	struct err told_later;

	if (pins_lock(name, &f->pins, e) || maps_check_layout(name, false, e) ||
	    links_check(name, &f->cgroup, e) || open_maps(f, e))
		return -1;
	note_carried(f);
	/* A unit that the gate lets through finds them; what fails here is said by fence_carry().
	 */
	resolver_write(RUN_DIR, c, &told_later);
	if (links_programs(f->skel->obj, f->programs, e) || fence_load_unix(f, c, e) ||
	    keep_map(f, MAP_EVENTS, &f->events, e) || keep_map(f, MAP_NAMES, &f->names, e))
		return -1;
	if (fence_publish(f, c, policy, e) || fence_put_names(f, c, e) ||
	    links_place(name, f->programs, &f->cgroup, e) || fence_drop_unix(f, c, e))
		return -1;
	/* An older program on an interface counts, too: it goes before its counts are carried. */
	f->guards = true;
	fence_guard(f, &told_later);
	return sets_carry(name, e) || fence_verify(f, e) ? -1 : 0;
}

/* The kernel holds what was loaded; libbpf's copy of it is most of a process's memory. */
static void drop_programs(struct fence *f)
{
	fence_bpf__destroy(f->skel);
	f->skel = NULL;
}

int fence_attach(const struct config *c, struct fence *ret, struct notes *ret_notes, struct err *e)
{
	struct fence *f = ret;
	struct wgf_policy policy;

	*f = (struct fence){.config = *c,
			    .cgroup.fd = -1,
			    .pins.lock = -1,
			    .events = -1,
			    .names = -1,
			    .guard = -1};
	for (int i = 0; i < N_LINKS; i++)
		f->programs[i] = -1;
	if (geteuid() != 0)
		return err_set(e, EXIT_FAILED, "only root can put a fence in place");
	if (cgroup_open(c, &f->cgroup, e))
		return -1;
	if (netns_cookie(&f->netns, e) || fence_compile(f, c, &policy, ret_notes, e) ||
	    fence_refuse_conflict(c, ret_notes, e) || fence_check_numbers(c, e) ||
	    put_in_place(f, &policy, e)) {
		if (f->pins.lock >= 0)
			pins_remove_empty_dir(c->name);
		fence_close(f);
		return -1;
	}
	drop_programs(f);
	f->placed = f->pinned = true;
	return 0;
}

void fence_close(struct fence *f)
{
	image_close(&f->image);
	drop_programs(f);
	if (f->events >= 0)
		close(f->events);
	if (f->names >= 0)
		close(f->names);
	if (f->guard >= 0)
		close(f->guard);
	f->events = f->names = f->guard = -1;
	for (int i = 0; i < N_LINKS; i++)
		if (f->programs[i] >= 0)
			close(f->programs[i]);
	cgroup_close(&f->cgroup);
	pins_unlock(&f->pins);
}

/* What was begun and failed is begun anew at the next call. */
int fence_keep_pins(struct fence *f, bool *ret_restored, struct err *e)
{
	*ret_restored = false;
	if (f->pinned && pins_in_place(&f->pins))
		return 0;
	f->pinned = false;
	if (!pins_in_place(&f->pins) && pins_restore(f->config.name, &f->pins, e))
		return -1;
	if (f->placed && fence_verify(f, e))
		return -1;
	f->pinned = *ret_restored = true;
	return 0;
}

/*
 * By opening it anew: on kernels before 6.1 a removed cgroup can still be opened by its id as long
 * as somebody holds its directory, which this process does.
 */
int fence_follow_cgroup(struct fence *f, enum cgroup_fate *ret, struct err *e)
{
	struct cgroup cg;

	*ret = CGROUP_GONE;
	if (cgroup_open(&f->config, &cg, e)) {
		if (e->code != EXIT_NOT_ENFORCED)
			return -1;
		f->placed = false;
		return 0;
	}
	*ret = cg.id == f->cgroup.id && f->placed ? CGROUP_SAME : CGROUP_NEW;
	cgroup_close(&f->cgroup);
	f->cgroup = cg;
	if (*ret == CGROUP_SAME)
		return 0;
	f->placed = false;
	if (links_check(f->config.name, &f->cgroup, e) ||
	    links_place(f->config.name, f->programs, &f->cgroup, e) || fence_verify(f, e))
		return -1;
	f->placed = true;
	return 0;
}

int fence_verify(const struct fence *f, struct err *e)
{
	struct standing s;

	if (standing_read(f->config.name, &s, e))
		return -1;
	if (s.whole && f->programs[0] >= 0 && !s.unix_held) {
		s.whole = false;
		snprintf(s.missing, sizeof(s.missing), "the links for unix sockets are not there");
	}
	if (s.whole && s.cgroup_id == f->cgroup.id && s.image_id == f->image_id)
		return 0;
	return err_set(e, EXIT_NOT_ENFORCED,
		       "the kernel does not run the fence as it was put in place: %s",
		       !s.whole			     ? s.missing
		       : s.cgroup_id != f->cgroup.id ? "it stands on another cgroup"
						     : "somebody else's policy is pinned");
}
