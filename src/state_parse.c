// SPDX-License-Identifier: GPL-2.0-only
/*
 * A state, read back.
 *
 * Owns: which keys a line of each type must have. Believes nothing: what is too large, missing or
 * twice there makes the whole answer wrong. Types and keys that it does not know are passed over.
 */
#include <string.h>

#include "ip.h"
#include "state.h"
#include "words.h"

#define MAX_PAIRS 40

struct object {
	struct flat pairs[MAX_PAIRS];
	unsigned n;
	bool wrong; /* something was missing, or of another kind */
};

static bool take_pair(const struct flat *p, void *context)
{
	struct object *o = context;

	for (unsigned i = 0; i < o->n; i++)
		if (strcmp(o->pairs[i].key, p->key) == 0)
			return false;
	if (o->n == MAX_PAIRS)
		return false;
	o->pairs[o->n++] = *p;
	return true;
}

/* NULL also where it is null. */
static const struct flat *find(const struct object *o, const char *key, enum flat_kind kind)
{
	for (unsigned i = 0; i < o->n; i++)
		if (strcmp(o->pairs[i].key, key) == 0)
			return o->pairs[i].kind == kind ? &o->pairs[i] : NULL;
	return NULL;
}

static u64 number(struct object *o, const char *key, u64 max)
{
	const struct flat *p = find(o, key, FLAT_NUMBER);

	if (p && p->number <= max)
		return p->number;
	o->wrong = true;
	return 0;
}

static bool truth(struct object *o, const char *key)
{
	const struct flat *p = find(o, key, FLAT_BOOL);

	o->wrong |= !p;
	return p && p->number;
}

static void text(struct object *o, const char *key, char *ret, size_t size)
{
	const struct flat *p = find(o, key, FLAT_STRING);

	if (p && strlen(p->text) < size)
		memcpy(ret, p->text, strlen(p->text) + 1);
	else
		o->wrong = true;
}

/* The index of the word; 0, and wrong, where it is none. */
static u8 word(struct object *o, const char *key, int (*index_of)(const char *label))
{
	const struct flat *p = find(o, key, FLAT_STRING);
	int index = p ? index_of(p->text) : -1;

	o->wrong |= index < 0;
	return index < 0 ? 0 : (u8)index;
}

static void take_state(struct object *o, struct state *s)
{
	const struct flat *people = find(o, "populated", FLAT_BOOL);
	const struct flat *handshake = find(o, "handshake", FLAT_NUMBER);

	text(o, "fence", s->fence, sizeof(s->fence));
	o->wrong |= !fence_name_valid(s->fence);
	text(o, "missing", s->missing, sizeof(s->missing));
	text(o, "cgroup", s->cgroup, sizeof(s->cgroup));
	text(o, "tunnel", s->tunnel, sizeof(s->tunnel));
	s->now = number(o, "now", ~0ULL);
	s->exists = truth(o, "exists");
	s->whole = truth(o, "whole");
	s->audit = truth(o, "audit");
	s->tunnel_up = truth(o, "tunnel_up");
	s->in_policy = truth(o, "in_policy");
	s->people = !people ? PEOPLE_UNKNOWN : people->number ? PEOPLE_SOME : PEOPLE_NONE;
	s->shakes = handshake;
	s->handshake = handshake ? handshake->number : 0;
	s->generation = number(o, "policy_generation", ~0ULL);
	s->counters.records[WGF_SENT] = number(o, "sent", ~0ULL);
	s->counters.records[WGF_FLOW_LIMITED] = number(o, "flow_limited", ~0ULL);
	s->counters.records[WGF_RATE_LIMITED] = number(o, "rate_limited", ~0ULL);
	s->counters.records[WGF_RING_FULL] = number(o, "ring_full", ~0ULL);
	s->flows_total = (unsigned)number(o, "flows_total", 2ULL * WGF_MAX_FLOWS);
}

/* One of a newer daemon may have a reason that we have no word for: then it is not shown. */
static void take_counter(struct object *o, struct state *s)
{
	unsigned hook = word(o, "hook", hook_by_label);
	unsigned family = word(o, "family", family_by_label);
	unsigned reason = word(o, "reason", reason_by_label);
	bool audit = truth(o, "audit");
	struct wgf_count c = {number(o, "packets", ~0ULL), number(o, "bytes", ~0ULL)};

	if (!o->wrong)
		s->counters.of[audit][hook][family][reason] = c;
}

/* The other end, or of a unix socket the end of its name. */
static void take_end(struct object *o, struct wgf_flow_key *key)
{
	char end[NAME_TEXT] = "";

	if (key->hook == WGF_UNIX) {
		u64 len = number(o, "name_length", WGF_NAME_BYTES);

		text(o, "name", end, sizeof(end));
		o->wrong |= !flow_set_name(key, end, len);
		return;
	}
	key->port = (u16)number(o, "port", UINT16_MAX);
	text(o, "remote", end, IP_TEXT);
	o->wrong |= !ip_parse(end, &key->remote);
}

static void take_flow(struct object *o, struct state *s)
{
	struct flow f = {.value.who.pid = 0};
	char comm[WGF_COMM + 1] = "";

	f.key.hook = word(o, "hook", hook_by_label);
	f.key.family = word(o, "family", family_by_label);
	f.key.reason = word(o, "reason", reason_by_label);
	f.key.mode = truth(o, "audit") ? WGF_AUDIT : WGF_ENFORCE;
	f.key.proto = (u32)number(o, "proto", UINT32_MAX);
	take_end(o, &f.key);
	f.value.count = number(o, "count", ~0ULL);
	f.value.first = number(o, "first", ~0ULL);
	f.value.last = number(o, "last", ~0ULL);
	f.key.pid = f.value.who.pid = (u32)number(o, "pid", UINT32_MAX);
	f.value.who.uid = (u32)number(o, "uid", UINT32_MAX);
	text(o, "comm", comm, sizeof(comm));
	memcpy(f.value.who.comm, comm, WGF_COMM);
	if (!o->wrong && s->n_flows < STATE_FLOWS)
		s->flows[s->n_flows++] = f;
}

enum line { LINE_BAD, LINE_STATE, LINE_OTHER, LINE_END };

static enum line take_line(const char *line, size_t len, struct state *s)
{
	static struct object o; /* too large for comfort on the stack */
	char type[16] = "";

	memset(&o, 0, sizeof(o));
	if (!flat_each(line, len, take_pair, &o) || number(&o, "schema", 1) != 1)
		return LINE_BAD;
	text(&o, "type", type, sizeof(type));
	if (o.wrong)
		return LINE_BAD;
	if (strcmp(type, "state") == 0) {
		take_state(&o, s);
		return o.wrong ? LINE_BAD : LINE_STATE;
	}
	if (strcmp(type, "counter") == 0)
		take_counter(&o, s);
	else if (strcmp(type, "flow") == 0)
		take_flow(&o, s);
	return strcmp(type, "end") == 0 ? LINE_END : LINE_OTHER;
}

bool state_parse(const char *begin, size_t len, struct state *ret)
{
	bool head = false;
	const char *end;

	memset(ret, 0, sizeof(*ret));
	for (; (end = memchr(begin, '\n', len));
	     len -= (size_t)(end + 1 - begin), begin = end + 1) {
		switch (take_line(begin, (size_t)(end - begin), ret)) {
		case LINE_BAD:
			return false;
		case LINE_STATE:
			if (head)
				return false;
			head = true;
			break;
		case LINE_END:
			return head && len == (size_t)(end + 1 - begin);
		case LINE_OTHER:
			break;
		}
	}
	return false;
}
