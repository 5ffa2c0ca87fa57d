// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Prometheus text.
 *
 * Owns: names, labels and format of the metrics. Must never read anything itself.
 *
 * Every series that can occur is printed from the start, at 0: a counter that first appears with
 * its first event has no rate for that event. `unknown` is no family that ordinary packets have,
 * so of packets it appears only once it counted something; where the kernel has no hooks for unix
 * sockets these have no series. What the guard lets pass is not counted.
 */
#include "metrics.h"

#include "metrics_parts.h"
#include "words.h"

/* One metric that is made of the counters: which of them it shows. */
struct counter {
	const char *name, *help;
	enum wgf_mode mode;
	bool calls;  /* of the socket calls; else of the packets */
	bool allows; /* of what was admitted; else of what was not */
	bool bytes;
};

static const struct counter counters[] = {
	{"wgfence_dropped_packets_total", "Packets of members that the fence dropped.",
	 .mode = WGF_ENFORCE},
	{"wgfence_dropped_bytes_total", "Bytes of the packets that the fence dropped.",
	 .mode = WGF_ENFORCE, .bytes = true},
	{"wgfence_allowed_packets_total", "Packets of members that the fence let pass.",
	 .mode = WGF_ENFORCE, .allows = true},
	{"wgfence_allowed_bytes_total", "Bytes of the packets that the fence let pass.",
	 .mode = WGF_ENFORCE, .allows = true, .bytes = true},
	{"wgfence_would_drop_packets_total",
	 "Packets that audit mode let pass and enforcement would have dropped.", .mode = WGF_AUDIT},
	{"wgfence_would_drop_bytes_total",
	 "Bytes of the packets that enforcement would have dropped.", .mode = WGF_AUDIT,
	 .bytes = true},
	{"wgfence_refused_calls_total", "Socket calls of members that the fence refused.",
	 .mode = WGF_ENFORCE, .calls = true},
	{"wgfence_would_refuse_calls_total",
	 "Socket calls that audit mode let pass and enforcement would have refused.",
	 .mode = WGF_AUDIT, .calls = true},
};

/* The format escapes three characters in a label's value. */
void metrics_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\n') {
			fputs("\\n", out);
			continue;
		}
		if (*value == '\\' || *value == '"')
			fputc('\\', out);
		fputc(*value, out);
	}
	fputc('"', out);
}

void metrics_head(FILE *out, const char *name, const char *help, const char *type)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_series(FILE *out, const struct counter *m, const char *fence, enum wgf_hook hook,
			 enum wgf_family family, enum wgf_reason reason, u64 value)
{
	fprintf(out, "%s{", m->name);
	metrics_label(out, "fence", fence);
	fputc(',', out);
	metrics_label(out, m->calls ? "call" : "direction", hook_label(hook));
	fputc(',', out);
	metrics_label(out, "family", family_label_at(hook, family));
	fputc(',', out);
	metrics_label(out, m->allows ? "class" : "reason", reasons[reason].label);
	fprintf(out, "} %llu\n", value);
}

static bool occurs(const struct metrics *fence, enum wgf_reason reason, enum wgf_hook hook,
		   enum wgf_family family)
{
	return reasons[reason].where & 1U << hook && (hook != WGF_UNIX || fence->unix_hooks) &&
	       reason_has_family(reason, hook, family);
}

/* One hook of one fence: the reasons that can occur there, and any that did all the same. */
static void print_hook(FILE *out, const struct counter *m, const struct metrics *fence,
		       enum wgf_hook hook)
{
	for (unsigned family = 0; family < WGF_N_FAMILIES; family++) {
		for (unsigned r = 0; r < WGF_N_REASONS; r++) {
			const struct wgf_count *c = &fence->counters->of[m->mode][hook][family][r];
			u64 value = m->bytes ? c->bytes : c->packets;
			bool expected =
				occurs(fence, r, hook, family) && !(hook == WGF_GUARD && m->allows);

			if (reasons[r].allows == m->allows && (expected || value))
				print_series(out, m, fence->fence, hook, family, r, value);
		}
	}
}

static void print_counter(FILE *out, const struct counter *m, const struct metrics *fences,
			  unsigned n)
{
	metrics_head(out, m->name, m->help, "counter");
	for (unsigned i = 0; i < n; i++)
		for (unsigned hook = 0; hook < WGF_N_HOOKS; hook++)
			if (hook_is_packet(hook) != m->calls)
				print_hook(out, m, &fences[i], hook);
}

/* What became of the records of all drops and refusals: sent as an event, or not, and why not. */
static void print_records(FILE *out, const struct metrics *fences, unsigned n)
{
	static const char *const causes[WGF_N_FATES] = {
		[WGF_FLOW_LIMITED] = "flow", [WGF_RATE_LIMITED] = "rate", [WGF_RING_FULL] = "ring"};

	metrics_head(out, "wgfence_events_total", "Events that were handed to the daemon.",
		     "counter");
	for (unsigned i = 0; i < n; i++) {
		fputs("wgfence_events_total{", out);
		metrics_label(out, "fence", fences[i].fence);
		fprintf(out, "} %llu\n", fences[i].counters->records[WGF_SENT]);
	}
	metrics_head(out, "wgfence_events_not_sent_total",
		     "Drops and refused calls of which no event was sent.", "counter");
	for (unsigned i = 0; i < n; i++)
		for (unsigned fate = WGF_SENT + 1; fate < WGF_N_FATES; fate++) {
			fputs("wgfence_events_not_sent_total{", out);
			metrics_label(out, "fence", fences[i].fence);
			fputc(',', out);
			metrics_label(out, "cause", causes[fate]);
			fprintf(out, "} %llu\n", fences[i].counters->records[fate]);
		}
}

void metrics_print(FILE *out, const struct metrics *fences, unsigned n)
{
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		print_counter(out, &counters[i], fences, n);

	print_records(out, fences, n);
	metrics_print_state(out, fences, n);
}
