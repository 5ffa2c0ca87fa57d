// SPDX-License-Identifier: GPL-2.0-only
#include "status_flows.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "event_print.h"
#include "ip.h"
#include "json.h"
#include "words.h"

static u64 boottime_now(void)
{
	struct timespec t = {0};

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (u64)t.tv_sec * 1000000000ULL + (u64)t.tv_nsec;
}

/* "4 s", "12 min", "3 h", "2 d" */
static void put_age(FILE *out, u64 then, u64 now)
{
	u64 s = then < now ? (now - then) / 1000000000ULL : 0;

	if (s < 120)
		fprintf(out, "%llu s", s);
	else if (s < 7200)
		fprintf(out, "%llu min", s / 60);
	else if (s < 172800)
		fprintf(out, "%llu h", s / 3600);
	else
		fprintf(out, "%llu d", s / 86400);
}

void flow_people(FILE *out, const struct flow *f, u64 now)
{
	const char *protocol = event_protocol(f->key.proto);
	const struct wgf_who *who = &f->value.who;
	char text[IP_TEXT], name[NAME_TEXT];

	fprintf(out, "  %12llu  ", f->value.count);
	if (who->pid) {
		event_text_name(out, who->comm, sizeof(who->comm));
		fprintf(out, "[%u]", who->pid);
	} else {
		fputs("unknown", out);
	}
	fprintf(out, " %s", hook_label(f->key.hook));
	if (protocol)
		fprintf(out, " %s", protocol);
	if (flow_knows_remote(&f->key))
		fprintf(out, " %s %s", f->key.hook == WGF_INGRESS ? "from" : "to",
			ip_print(&f->key.remote, text));
	if (flow_name_length(&f->key))
		fprintf(out, " %s", flow_name(&f->key, name));
	else if (f->key.port)
		fprintf(out, " port %u", f->key.port);
	fprintf(out, ": %s%s, last ", reasons[f->key.reason % WGF_N_REASONS].text,
		f->key.mode == WGF_AUDIT ? " (audit)" : "");
	put_age(out, f->value.last, now);
	fputs(" ago\n", out);
}

void flows_people(FILE *out, const struct top_flows *top, const struct wgf_counters *counters)
{
	const u64 *records = counters->records;
	u64 now = boottime_now();

	fprintf(out,
		"events      %llu sent, not sent: %llu of a flow that had one, %llu beyond the "
		"limit, %llu unread\n",
		records[WGF_SENT], records[WGF_FLOW_LIMITED], records[WGF_RATE_LIMITED],
		records[WGF_RING_FULL]);
	if (!top->n)
		return;
	fprintf(out, "flows       %u, dropped most:\n", top->total);
	for (unsigned i = 0; i < top->n; i++)
		flow_people(out, &top->flow[i], now);
}

static void json_flow(FILE *out, const struct flow *f)
{
	const struct wgf_who *who = &f->value.who;
	char text[IP_TEXT], name[NAME_TEXT], comm[WGF_COMM + 1] = "";

	fprintf(out,
		"\n    {\"hook\": \"%s\", \"family\": \"%s\", \"reason\": \"%s\", \"audit\": %s, ",
		hook_label(f->key.hook), family_label_at(f->key.hook, f->key.family),
		reasons[f->key.reason % WGF_N_REASONS].label,
		f->key.mode == WGF_AUDIT ? "true" : "false");
	fprintf(out, "\"protocol\": %u, \"remote\": ", f->key.proto);
	if (flow_knows_remote(&f->key))
		json_string(out, ip_print(&f->key.remote, text));
	else
		fputs("null", out);
	fprintf(out, ", \"port\": %u, ", f->key.hook == WGF_UNIX ? 0U : f->key.port);
	if (flow_name_length(&f->key)) {
		fputs("\"name\": ", out);
		json_string(out, flow_name(&f->key, name));
		fprintf(out, ", \"name_length\": %zu, ", flow_name_length(&f->key));
	}
	fprintf(out, "\"count\": %llu, ", f->value.count);
	fprintf(out, "\"first\": %llu.%09llu, \"last\": %llu.%09llu, ",
		f->value.first / 1000000000ULL, f->value.first % 1000000000ULL,
		f->value.last / 1000000000ULL, f->value.last % 1000000000ULL);
	if (!who->pid) {
		fputs("\"pid\": null, \"uid\": null, \"comm\": null}", out);
		return;
	}
	memcpy(comm, who->comm, WGF_COMM);
	fprintf(out, "\"pid\": %u, \"uid\": %u, \"comm\": ", who->pid, who->uid);
	json_string(out, comm);
	fputc('}', out);
}

void flows_json(FILE *out, const struct top_flows *top, const struct wgf_counters *counters)
{
	const u64 *records = counters->records;

	fprintf(out,
		"  \"events\": {\"sent\": %llu, \"flow_limited\": %llu, \"rate_limited\": %llu, "
		"\"ring_full\": %llu},\n  \"flows_total\": %u,\n  \"flows\": [",
		records[WGF_SENT], records[WGF_FLOW_LIMITED], records[WGF_RATE_LIMITED],
		records[WGF_RING_FULL], top->total);
	for (unsigned i = 0; i < top->n; i++) {
		if (i)
			fputc(',', out);
		json_flow(out, &top->flow[i]);
	}
	fprintf(out, "%s]", top->n ? "\n  " : "");
}
