// SPDX-License-Identifier: GPL-2.0-only
/*
 * `status --json`.
 *
 * Owns: its keys, which programs rely on.
 */
#include <inttypes.h>
#include <stdio.h>

#include "json.h"
#include "status_metrics.h"
#include "status_view.h"
#include "words.h"

static void json_count(int mode, int hook, int family, int reason, const struct wgf_count *c,
		       void *context)
{
	bool *first = context;

	printf("%s\n    {\"hook\": \"%s\", \"family\": \"%s\", \"reason\": \"%s\", "
	       "\"allows\": %s, "
	       "\"audit\": %s, \"packets\": %llu, \"bytes\": %llu}",
	       *first ? "" : ",", hook_label(hook), family_label_at(hook, family),
	       reasons[reason].label, reasons[reason].allows ? "true" : "false",
	       mode == WGF_AUDIT ? "true" : "false", c->packets, c->bytes);
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

void status_json(const struct view *v)
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
	unix_json(stdout, &v->unix_view, s);
	printf("  \"guard\": {\"on\": %s, \"in_place\": %s, \"interfaces\": %u, \"by_tcx\": "
	       "%u},\n",
	       s->policy.cgroup ? "true" : "false",
	       v->guarded < 0 ? "null"
	       : v->guarded   ? "true"
			      : "false",
	       v->guard.n, v->guard.n_tcx);
	metrics_json(stdout, v->c);
	printf("  \"policy_generation\": %llu,\n", s->policy.generation);
	printf("  \"layout\": %u,\n  \"counters\": [", s->policy.layout);
	each_count(v, json_count, &first);
	printf("%s],\n", first ? "" : "\n  ");
	flows_json(stdout, &v->flows, &s->counters);
	printf("\n}\n");
}
