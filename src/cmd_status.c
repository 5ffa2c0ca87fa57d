// SPDX-License-Identifier: GPL-2.0-only
/*
 * status: what stands now.
 *
 * Owns: the looking. What it says is read back from the kernel, the tunnel's state from the
 * machine; the configuration is only asked where the fence should stand.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cmd.h"
#include "live.h"
#include "resolver.h"
#include "rundir.h"
#include "status_view.h"

/* Is the fence where the configuration wants it? A slice made anew is another cgroup. */
static void compare_cgroup(struct view *v, const struct config *c)
{
	char live[PATH_MAX];
	struct cgroup cg;
	struct err e;

	if (cgroup_open(c, &cg, &e)) {
		snprintf(v->config, sizeof(v->config), "%s", e.text);
		return;
	}
	snprintf(v->path, sizeof(v->path), "%s", cg.path);
	v->live = *c->unit && live_read(RUN_DIR, c->name, live, sizeof(live), &e) == 1;
	if (v->standing.whole && v->standing.cgroup_id != cg.id) {
		v->standing.whole = false;
		snprintf(v->standing.missing, sizeof(v->standing.missing),
			 "it stands on another cgroup than the configuration means now");
	}
	cgroup_close(&cg);
}

static void look_outside(struct view *v)
{
	const struct wgf_policy *p = &v->standing.policy;
	struct err e;

	v->carried = v->guarded = -1;
	if (p->mark_mask) {
		v->carried = carry_stands(p, v->uncarried, &e);
		if (v->carried < 0)
			snprintf(v->uncarried, sizeof(v->uncarried), "%.200s", e.text);
	}
	if (p->cgroup) {
		if (guard_stands(v->name, v->standing.image_id, p, &v->guard, &e))
			snprintf(v->guard.missing, sizeof(v->guard.missing), "%.200s", e.text);
		else
			v->guarded = !*v->guard.missing;
	}
}

static int look(const struct options *o, struct view *v, struct err *e)
{
	static struct config c; /* outlives v->tunnel */
	struct err config_error;
	bool readable;

	if (geteuid() != 0)
		return err_set(e, EXIT_FAILED, "only root can read the pins of a fence");
	if (standing_read(o->name, &v->standing, e) || inventory_read(&v->inv, e) ||
	    flows_top(o->name, v->flows.flow, TOP_FLOWS, &v->flows.n, &v->flows.total, e))
		return -1;
	v->names = -1;
	v->name = o->name;
	v->tunnel = v->standing.policy.names[0];
	readable = options_config(o, &c, &config_error) == 0;
	if (unix_look(o->name, readable ? &c : NULL, &v->unix_view, e))
		return -1;
	if (!readable) {
		snprintf(v->config, sizeof(v->config), "%s", config_error.text);
	} else {
		v->c = &c;
		v->names = resolver_stands(RUN_DIR, &c);
		compare_cgroup(v, &c);
		if (!v->tunnel[0])
			v->tunnel = c.tunnel;
	}
	look_outside(v);
	v->tunnel_up = v->tunnel[0] && inventory_tunnel_up(&v->inv, v->tunnel);
	v->enforced = standing_enforced(&v->standing);
	return 0;
}

void each_count(const struct view *v,
		void (*f)(int mode, int hook, int family, int reason, const struct wgf_count *c,
			  void *context),
		void *context)
{
	for (int mode = 0; mode < 2; mode++)
		for (int hook = 0; hook < WGF_N_HOOKS; hook++)
			for (int family = 0; family < WGF_N_FAMILIES; family++)
				for (int r = 0; r < WGF_N_REASONS; r++) {
					const struct wgf_count *c =
						&v->standing.counters.of[mode][hook][family][r];

					if (c->packets)
						f(mode, hook, family, r, c, context);
				}
}

int cmd_status(const struct options *o, struct err *e)
{
	static struct view v; /* too large for comfort on the stack */

	if (look(o, &v, e))
		return (int)e->code;
	if (o->given & OPT(OPT_JSON))
		status_json(&v);
	else
		status_people(&v);
	inventory_free(&v.inv);
	return v.enforced ? EXIT_FINE : EXIT_NOT_ENFORCED;
}
