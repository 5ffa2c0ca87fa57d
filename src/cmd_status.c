// SPDX-License-Identifier: GPL-2.0-only
/*
 * status: what stands now.
 *
 * Owns: its two forms. What it says is read back from the kernel, the tunnel's state from the
 * machine; the configuration is only asked where the fence should stand.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "carry.h"
#include "cgroup.h"
#include "cmd.h"
#include "inventory.h"
#include "json.h"
#include "live.h"
#include "names.h"
#include "policy_print.h"
#include "standing.h"
#include "status_flows.h"
#include "status_metrics.h"
#include "words.h"

struct view {
	const char *name;
	struct standing standing;
	struct top_flows flows;
	struct inventory inv;
	const char *tunnel; /* its name; "" where nobody knows it */
	bool tunnel_up;
	bool enforced;
	char path[PATH_MAX]; /* of the cgroup, where the configuration tells it */
	int carried; /* 1: rules and routes are there; 0: `uncarried` is not; -1: not asked */
	char uncarried[CARRY_TEXT];
	int names; /* 1: resolv.conf and nsswitch.conf are as they should be; -1: not asked */
	const struct config *c; /* NULL: could not be used */
	bool live;		/* on the unit's own cgroup: until the next boot */
	char config[1024];	/* why the configuration could not be used; "" where it could */
};

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

static int look(const struct options *o, struct view *v, struct err *e)
{
	static struct config c; /* outlives v->tunnel */
	struct err config_error;

	if (geteuid() != 0)
		return err_set(e, EXIT_FAILED, "only root can read the pins of a fence");
	if (standing_read(o->name, &v->standing, e) || inventory_read(&v->inv, e) ||
	    flows_top(o->name, v->flows.flow, TOP_FLOWS, &v->flows.n, &v->flows.total, e))
		return -1;
	v->carried = v->names = -1;
	v->name = o->name;
	v->tunnel = v->standing.policy.names[0];
	if (options_config(o, &c, &config_error)) {
		snprintf(v->config, sizeof(v->config), "%s", config_error.text);
	} else {
		v->c = &c;
		v->names = names_stand(RUN_DIR, &c);
		compare_cgroup(v, &c);
		if (!v->tunnel[0])
			v->tunnel = c.tunnel;
	}
	if (v->standing.policy.mark_mask) {
		v->carried = carry_stands(&v->standing.policy, v->uncarried, &config_error);
		if (v->carried < 0)
			snprintf(v->uncarried, sizeof(v->uncarried), "%.200s", config_error.text);
	}
	v->tunnel_up = v->tunnel[0] && inventory_tunnel_up(&v->inv, v->tunnel);
	v->enforced = standing_enforced(&v->standing);
	return 0;
}

/* Calls f for every counter that is not 0. */
static void each_count(const struct view *v,
		       void (*f)(int mode, int hook, int family, int reason,
				 const struct wgf_count *c, void *context),
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

static void print_count(int mode, int hook, int family, int reason, const struct wgf_count *c,
			void *context)
{
	static const char *const words[2][2] = {{"refused", "dropped"},
						{"would refuse", "would drop"}};
	const char *what = reasons[reason].allows ? "passed" : words[mode][hook_is_packet(hook)];

	(void)context;
	if (reason == WGF_CALL)
		return;
	printf("  %-12s %-11s %-7s %12llu", what, hook_label(hook), family_label(family),
	       c->packets);
	if (hook_is_packet(hook))
		printf(" %14llu B", c->bytes);
	else
		printf(" %16s", "");
	printf("  %s\n", reasons[reason].text);
}

/* The policy is for the interfaces as they were when it was published. */
static void print_tunnel_news(const struct view *v)
{
	if (v->tunnel_up == (v->standing.policy.n_tunnels > 0))
		return;
	printf("%-10s  %s is %s since: `wgfence run` would follow, `wgfence attach` does it once\n",
	       "news", v->tunnel, v->tunnel_up ? "up" : "gone, down or without an address");
}

static void print_routes(const struct view *v)
{
	const struct wgf_policy *p = &v->standing.policy;

	if (!p->mark_mask)
		printf("%-10s  off: whoever goes elsewhere is dropped\n", "routes");
	else
		printf("%-10s  mark 0x%08x/0x%08x, table %u: %s%s%s\n", "routes", p->mark,
		       p->mark_mask, p->table, v->carried > 0 ? "all there" : "",
		       v->carried > 0 ? "" : v->uncarried,
		       v->carried ? "" : " is missing: wgfence run would put it back");
}

/* Where a unit without the drop-in's mounts asks is not known here. */
static void print_names(const struct view *v)
{
	char text[IP_TEXT];

	if (v->names < 0)
		return;
	printf("%-10s ", "names");
	for (unsigned i = 0; i < v->c->n_servers; i++)
		printf(" %s", ip_print(&v->c->servers[i], text));
	if (!v->c->n_servers)
		printf(" no server in [dns]: none is found");
	printf("%s\n",
	       v->names ? "" : "; " RUN_DIR " does not have it: wgfence run would write it");
}

static void print_people(const struct view *v)
{
	const struct standing *s = &v->standing;
	const char *state = v->enforced ? "enforced"
			    : s->whole	? "stands in audit mode: drops nothing"
			    : s->exists ? "NOT WHOLE"
					: "does not stand";

	printf("%-10s  %s: %s\n", "fence", v->name, state);
	if (s->exists && !s->whole)
		printf("%-10s  %s\n", "missing", s->missing);
	if (v->path[0])
		printf("%-10s  %s%s\n", "cgroup", v->path,
		       v->live ? " (live: until the next boot)" : "");
	if (v->config[0])
		printf("%-10s  %s\n", "config", v->config);
	if (!s->exists)
		return;
	policy_print(stdout, &s->policy, &v->inv);
	print_routes(v);
	print_names(v);
	if (v->c)
		metrics_people(stdout, v->c);
	print_tunnel_news(v);
	printf("counters\n");
	each_count(v, print_count, NULL);
	flows_people(stdout, &v->flows, &s->counters);
}

static void json_count(int mode, int hook, int family, int reason, const struct wgf_count *c,
		       void *context)
{
	bool *first = context;

	printf("%s\n    {\"hook\": \"%s\", \"family\": \"%s\", \"reason\": \"%s\", \"allows\": %s, "
	       "\"audit\": %s, \"packets\": %llu, \"bytes\": %llu}",
	       *first ? "" : ",", hook_label(hook), family_label(family), reasons[reason].label,
	       reasons[reason].allows ? "true" : "false", mode == WGF_AUDIT ? "true" : "false",
	       c->packets, c->bytes);
	*first = false;
}

static void json_pair(const char *key, const char *text)
{
	printf("  \"%s\": ", key);
	if (text[0])
		json_string(stdout, text);
	else
		printf("null");
	printf(",\n");
}

static void print_json(const struct view *v)
{
	const struct standing *s = &v->standing;
	bool first = true;

	printf("{\n");
	json_pair("fence", v->name);
	printf("  \"enforced\": %s,\n", v->enforced ? "true" : "false");
	json_pair("missing", s->missing);
	json_pair("mode", !s->exists ? "" : s->policy.mode == WGF_AUDIT ? "audit" : "enforce");
	json_pair("cgroup", v->path);
	json_pair("configuration_error", v->config);
	printf("  \"tunnel\": {\"name\": ");
	json_string(stdout, v->tunnel);
	printf(", \"up\": %s, \"in_policy\": %s},\n", v->tunnel_up ? "true" : "false",
	       s->policy.n_tunnels ? "true" : "false");
	printf("  \"routes\": {\"on\": %s, \"in_place\": %s},\n",
	       s->policy.mark_mask ? "true" : "false",
	       v->carried < 0 ? "null"
	       : v->carried   ? "true"
			      : "false");
	printf("  \"names\": {\"in_place\": %s},\n", v->names < 0 ? "null"
						     : v->names	  ? "true"
								  : "false");
	metrics_json(stdout, v->c);
	printf("  \"policy_generation\": %llu,\n", s->policy.generation);
	printf("  \"layout\": %u,\n  \"counters\": [", s->policy.layout);
	each_count(v, json_count, &first);
	printf("%s],\n", first ? "" : "\n  ");
	flows_json(stdout, &v->flows, &s->counters);
	printf("\n}\n");
}

int cmd_status(const struct options *o, struct err *e)
{
	static struct view v; /* too large for comfort on the stack */

	if (look(o, &v, e))
		return (int)e->code;
	if (o->given & OPT(OPT_JSON))
		print_json(&v);
	else
		print_people(&v);
	inventory_free(&v.inv);
	return v.enforced ? EXIT_FINE : EXIT_NOT_ENFORCED;
}
