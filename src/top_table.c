// SPDX-License-Identifier: GPL-2.0-only
#include "top_table.h"

#include "words.h"

static void put_fence(FILE *out, const struct state *s)
{
	const char *state = !s->exists	? "does not stand"
			    : !s->whole ? "NOT WHOLE"
			    : s->audit	? "stands in audit mode: drops nothing"
					: "enforced";
	static const char *const people[] = {[PEOPLE_UNKNOWN] = "",
					     [PEOPLE_NONE] = ", nothing runs in it",
					     [PEOPLE_SOME] = ", running"};

	fprintf(out, "%-9s %s: %s\n", "fence", s->fence, state);
	if (s->missing[0]) {
		fprintf(out, "%-9s ", "missing");
		event_text_name(out, s->missing, sizeof(s->missing));
		fputc('\n', out);
	}
	fprintf(out, "%-9s ", "cgroup");
	event_text_name(out, s->cgroup[0] ? s->cgroup : "path not known", sizeof(s->cgroup));
	fprintf(out, "%s\n", people[s->people]);
}

static void put_tunnel(FILE *out, const struct state *s, u64 now)
{
	fprintf(out, "%-9s ", "tunnel");
	event_text_name(out, s->tunnel[0] ? s->tunnel : "not known", sizeof(s->tunnel));
	fprintf(out, " %s, %s the policy, ", s->tunnel_up ? "up" : "DOWN",
		s->in_policy ? "in" : "not in");
	if (!s->shakes)
		fputs("handshake not known\n", out);
	else if (!s->handshake)
		fputs("no handshake yet\n", out);
	else
		fprintf(out, "handshake %llu s ago\n", now > s->handshake ? now - s->handshake : 0);
}

static void put_passed(FILE *out, const struct state *s, const char *name, enum wgf_reason reason)
{
	struct wgf_count to = top_passed(s, WGF_EGRESS, reason),
			 from = top_passed(s, WGF_INGRESS, reason);

	fprintf(out, "%-9s out %llu packets %llu bytes, in %llu packets %llu bytes\n", name,
		to.packets, to.bytes, from.packets, from.bytes);
}

static void put_reasons(FILE *out, const struct top *t)
{
	u8 list[WGF_N_REASONS];
	unsigned real, n = top_list_reasons(t, list, &real);

	for (unsigned i = 0; i < n; i++) {
		const struct top_reason *r = &t->reasons[list[i]];

		if (i == 0 || i == real)
			fprintf(out, "%s\n", i < real ? "attempts" : "expected noise");
		fprintf(out, "  %12llu  %-20s %s", r->total, reasons[list[i]].label,
			reasons[list[i]].text);
		if (r->audit)
			fprintf(out, " (%llu in audit mode)", r->audit);
		fputc('\n', out);
	}
}

void top_table(FILE *out, const struct top *t, u64 now)
{
	const struct flow *list[STATE_FLOWS];
	unsigned n = top_list_flows(t, list);
	char line[TOP_LINE];

	put_fence(out, &t->state);
	put_tunnel(out, &t->state, now);
	put_passed(out, &t->state, "carried", WGF_TUNNEL);
	put_passed(out, &t->state, "WebUI", WGF_WEBUI);
	put_passed(out, &t->state, "rules", WGF_RULE);
	fprintf(out, "%-9s %llu attempts, %llu expected noise\n", "blocked", top_blocked(t, false),
		top_blocked(t, true));
	put_reasons(out, t);
	if (n)
		fprintf(out, "flows, dropped most (of %u)\n", t->state.flows_total);
	for (unsigned i = 0; i < n; i++) {
		top_flow_line(t, list[i], line);
		fprintf(out, "%s\n", line);
	}
}
