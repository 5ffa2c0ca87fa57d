// SPDX-License-Identifier: GPL-2.0-only
/*
 * `status` for people.
 *
 * Owns: its lines, and what each says where something is not as it should be.
 */
#include <stdio.h>

#include "policy_print.h"
#include "rundir.h"
#include "status_metrics.h"
#include "status_view.h"
#include "words.h"

static void print_count(int mode, int hook, int family, int reason, const struct wgf_count *c,
			void *context)
{
	static const char *const words[2][2] = {{"refused", "dropped"},
						{"would refuse", "would drop"}};
	const char *what = reasons[reason].allows ? "passed" : words[mode][hook_is_packet(hook)];

	(void)context;
	if (reason == WGF_CALL)
		return;
	printf("  %-12s %-11s %-7s %12llu", what, hook_label(hook), family_label_at(hook, family),
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

/* Each is seen by another command, see wgfence(8). */
static const char *guard_means(const struct guard_standing *g)
{
	if (!g->n)
		return "";
	return g->n_tcx == g->n ? " by tcx" : g->n_tcx ? " by tcx and clsact" : " by clsact";
}

static void print_guard(const struct view *v)
{
	const struct guard_standing *g = &v->guard;
	const char *s = g->n == 1 ? "" : "s";

	if (!v->standing.policy.cgroup)
		printf("%-10s  off: the kernel's own answers and packet sockets are not "
		       "looked "
		       "at\n",
		       "guard");
	else if (v->guarded < 0)
		printf("%-10s  %s\n", "guard", g->missing);
	else if (v->guarded)
		printf("%-10s  on %u interface%s%s\n", "guard", g->n, s, guard_means(g));
	else
		printf("%-10s  on %u interface%s%s, missing on %s: wgfence run would put it "
		       "there\n",
		       "guard", g->n, s, guard_means(g), g->missing);
}

void status_people(const struct view *v)
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
	unix_people(stdout, &v->unix_view, s);
	print_guard(v);
	if (v->c)
		metrics_people(stdout, v->c);
	print_tunnel_news(v);
	printf("counters\n");
	each_count(v, print_count, NULL);
	flows_people(stdout, &v->flows, &s->counters);
}
