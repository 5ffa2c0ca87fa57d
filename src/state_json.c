// SPDX-License-Identifier: GPL-2.0-only
/*
 * A state as lines of JSON, schema 1 (wgfence-events(7), THE STATE).
 *
 * Owns: their keys; state_parse.c reads them back. Must never change what a key means.
 */
#include <string.h>

#include "ip.h"
#include "json.h"
#include "state.h"
#include "words.h"

#ifndef WGF_VERSION
#define WGF_VERSION "0"
#endif

static void put_text(FILE *out, const char *key, const char *text)
{
	fprintf(out, ",\"%s\":", key);
	json_string(out, text);
}

static void put_number(FILE *out, const char *key, u64 number)
{
	fprintf(out, ",\"%s\":%llu", key, number);
}

static void put_bool(FILE *out, const char *key, bool yes)
{
	fprintf(out, ",\"%s\":%s", key, yes ? "true" : "false");
}

static void put_type(FILE *out, const char *type)
{
	fprintf(out, "{\"schema\":1,\"type\":\"%s\"", type);
}

static void put_state(FILE *out, const struct state *s)
{
	put_type(out, "state");
	put_text(out, "fence", s->fence);
	put_text(out, "version", WGF_VERSION);
	put_number(out, "now", s->now);
	put_bool(out, "exists", s->exists);
	put_bool(out, "enforced", s->whole && !s->audit);
	put_bool(out, "whole", s->whole);
	put_bool(out, "audit", s->audit);
	put_text(out, "missing", s->missing);
	put_text(out, "cgroup", s->cgroup);
	if (s->people == PEOPLE_UNKNOWN)
		fputs(",\"populated\":null", out);
	else
		put_bool(out, "populated", s->people == PEOPLE_SOME);
	put_text(out, "tunnel", s->tunnel);
	put_bool(out, "tunnel_up", s->tunnel_up);
	put_bool(out, "in_policy", s->in_policy);
	if (s->shakes)
		put_number(out, "handshake", s->handshake);
	else
		fputs(",\"handshake\":null", out);
	put_number(out, "policy_generation", s->generation);
	put_number(out, "sent", s->counters.records[WGF_SENT]);
	put_number(out, "flow_limited", s->counters.records[WGF_FLOW_LIMITED]);
	put_number(out, "rate_limited", s->counters.records[WGF_RATE_LIMITED]);
	put_number(out, "ring_full", s->counters.records[WGF_RING_FULL]);
	put_number(out, "flows_total", s->flows_total);
	fputs("}\n", out);
}

/* What counters and flows have in common. */
static void put_what(FILE *out, unsigned hook, unsigned family, unsigned reason, bool audit)
{
	put_text(out, "hook", hook_label(hook));
	put_text(out, "family", family_label_at(hook, family));
	put_text(out, "reason", reasons[reason].label);
	put_bool(out, "audit", audit);
}

static void put_counters(FILE *out, const struct wgf_counters *all)
{
	for (unsigned mode = 0; mode < 2; mode++)
		for (unsigned hook = 0; hook < WGF_N_HOOKS; hook++)
			for (unsigned family = 0; family < WGF_N_FAMILIES; family++)
				for (unsigned r = 0; r < WGF_N_REASONS; r++) {
					const struct wgf_count *c = &all->of[mode][hook][family][r];

					if (!c->packets)
						continue;
					put_type(out, "counter");
					put_what(out, hook, family, r, mode == WGF_AUDIT);
					put_number(out, "packets", c->packets);
					put_number(out, "bytes", c->bytes);
					fputs("}\n", out);
				}
}

/* A table of another layout may hold what this one has no word for. */
static void put_flow(FILE *out, const struct flow *f)
{
	const struct wgf_who *who = &f->value.who;
	char text[NAME_TEXT], comm[WGF_COMM + 1] = "";

	if (f->key.hook >= WGF_N_HOOKS || f->key.family >= WGF_N_FAMILIES ||
	    f->key.reason >= WGF_N_REASONS)
		return;
	memcpy(comm, who->comm, WGF_COMM);
	put_type(out, "flow");
	put_what(out, f->key.hook, f->key.family, f->key.reason, f->key.mode == WGF_AUDIT);
	put_number(out, "proto", f->key.proto);
	if (f->key.hook == WGF_UNIX) {
		put_text(out, "name", flow_name(&f->key, text));
		put_number(out, "name_length", flow_name_length(&f->key));
	} else {
		put_text(out, "remote", ip_print(&f->key.remote, text));
		put_number(out, "port", f->key.port);
	}
	put_number(out, "count", f->value.count);
	put_number(out, "first", f->value.first);
	put_number(out, "last", f->value.last);
	put_number(out, "pid", who->pid);
	put_number(out, "uid", who->uid);
	put_text(out, "comm", comm);
	fputs("}\n", out);
}

void state_json(FILE *out, const struct state *s)
{
	put_state(out, s);
	put_counters(out, &s->counters);
	for (unsigned i = 0; i < s->n_flows; i++)
		put_flow(out, &s->flows[i]);
	put_type(out, "end");
	fputs("}\n", out);
}
