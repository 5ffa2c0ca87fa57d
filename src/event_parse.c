// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line of the event stream, read back.
 *
 * Owns: one table of keys, from which types, duplicates and what is missing are judged. Must never
 * take a line for more than it says: what is null there is zero here.
 */
#include "event_parse.h"

#include <stdint.h>
#include <string.h>

#include "decimal.h"
#include "ip.h"
#include "words.h"

#define EVENT	(1U << LINE_EVENT)
#define HELLO	(1U << LINE_HELLO)
#define LOST	(1U << LINE_LOST)
#define REFUSED (1U << LINE_REFUSED)

struct reading {
	struct event_line *line;
	enum line_type type;
	unsigned seen; /* 1 << index in keys[] */
	bool packet;   /* says "type" */
	bool of_unix;  /* says "family" */
	char name[FLAT_TEXT];
	u64 name_length;
};

/* -1: no word of ours. */
static bool known(int index, u8 *ret)
{
	*ret = (u8)index;
	return index >= 0;
}

static bool set_schema(struct reading *r, const struct flat *p)
{
	(void)r;
	return p->number == 1;
}

static bool set_type(struct reading *r, const struct flat *p)
{
	static const struct {
		const char *word;
		enum line_type type;
	} types[] = {{"drop", LINE_EVENT},
		     {"refuse", LINE_EVENT},
		     {"hello", LINE_HELLO},
		     {"lost", LINE_LOST},
		     {"refused", LINE_REFUSED}};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(p->text, types[i].word) == 0)
			r->type = types[i].type;
	r->packet = strcmp(p->text, "drop") == 0;
	return r->type != LINE_WRONG;
}

/* 2026-11-26T01:02:03.123456Z, and no other spelling of it. */
static bool set_time(struct reading *r, const struct flat *p)
{
	struct timespec *t = &r->line->told.time;
	char again[sizeof("YYYY-mm-ddTHH:MM:SS")];
	struct tm tm = {0};
	unsigned usec = 0;

	for (int i = 0; i < 6; i++) {
		int c = strlen(p->text) == 27 ? p->text[20 + i] : '?';

		if (c < '0' || c > '9')
			return false;
		usec = usec * 10 + (unsigned)(c - '0');
	}
	if (strptime(p->text, "%Y-%m-%dT%H:%M:%S.", &tm) != p->text + 20 || p->text[26] != 'Z')
		return false;
	*t = (struct timespec){timegm(&tm), (long)usec * 1000};
	return gmtime_r(&t->tv_sec, &tm) && strftime(again, sizeof(again), "%FT%T", &tm) &&
	       strncmp(again, p->text, strlen(again)) == 0;
}

static bool set_fence(struct reading *r, const struct flat *p)
{
	if (!fence_name_valid(p->text))
		return false;
	memcpy(r->line->told.fence, p->text, sizeof(r->line->told.fence) - 1);
	return true;
}

static bool set_hook(struct reading *r, const struct flat *p)
{
	return known(hook_by_label(p->text), &r->line->told.event.hook);
}

static bool set_family(struct reading *r, const struct flat *p)
{
	r->of_unix = strcmp(p->text, family_label_at(WGF_UNIX, WGF_FAMILY_UNKNOWN)) == 0;
	return known(family_by_label(p->text), &r->line->told.event.family);
}

static bool set_reason(struct reading *r, const struct flat *p)
{
	return known(reason_by_label(p->text), &r->line->told.event.reason);
}

static bool set_audit(struct reading *r, const struct flat *p)
{
	r->line->told.event.mode = p->number ? WGF_AUDIT : WGF_ENFORCE;
	return true;
}

static bool set_protocol(struct reading *r, const struct flat *p)
{
	static const u32 named[] = {1, WGF_TCP, WGF_UDP, 58};
	u32 *proto = &r->line->told.event.proto;

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (strcmp(p->text, event_protocol(named[i])) == 0)
			*proto = named[i];
	return *proto || (decimal_parse(p->text, UINT32_MAX, proto) && *proto);
}

static bool set_local(struct reading *r, const struct flat *p)
{
	return ip_parse(p->text, &r->line->told.event.local);
}

static bool set_remote(struct reading *r, const struct flat *p)
{
	return ip_parse(p->text, &r->line->told.event.remote);
}

static bool set_local_port(struct reading *r, const struct flat *p)
{
	r->line->told.event.local_port = (u16)p->number;
	return p->number > 0 && p->number <= UINT16_MAX;
}

static bool set_remote_port(struct reading *r, const struct flat *p)
{
	r->line->told.event.remote_port = (u16)p->number;
	return p->number > 0 && p->number <= UINT16_MAX;
}

/* Only with its length does it make sense, which may come later. */
static bool set_name(struct reading *r, const struct flat *p)
{
	memcpy(r->name, p->text, sizeof(p->text));
	return true;
}

static bool set_name_length(struct reading *r, const struct flat *p)
{
	r->name_length = p->number;
	return p->number > 0 && p->number <= WGF_NAME_BYTES;
}

static bool set_interface(struct reading *r, const struct flat *p)
{
	size_t len = strlen(p->text);

	if (len == 0 || len >= sizeof(r->line->told.ifname))
		return false;
	memcpy(r->line->told.ifname, p->text, len + 1);
	return true;
}

static bool set_length(struct reading *r, const struct flat *p)
{
	r->line->told.event.length = (u32)p->number;
	return p->number <= UINT32_MAX;
}

static bool set_pid(struct reading *r, const struct flat *p)
{
	r->line->told.event.who.pid = (u32)p->number;
	return p->number <= UINT32_MAX;
}

static bool set_uid(struct reading *r, const struct flat *p)
{
	r->line->told.event.who.uid = (u32)p->number;
	return p->number <= UINT32_MAX;
}

static bool set_comm(struct reading *r, const struct flat *p)
{
	size_t len = strlen(p->text);

	if (len > WGF_COMM)
		return false;
	memcpy(r->line->told.event.who.comm, p->text, len);
	return true;
}

/* Of an event how many of its flow there were, of a `lost` line how many are not there. */
static bool set_count(struct reading *r, const struct flat *p)
{
	r->line->lost = r->line->told.event.count = p->number;
	return true;
}

static bool set_message(struct reading *r, const struct flat *p)
{
	memcpy(r->line->message, p->text, sizeof(p->text));
	return true;
}

/* What may be null is what a hook may not know. */
static const struct {
	const char *key;
	enum flat_kind kind;
	bool may_be_null;
	unsigned wanted_in; /* 1 << enum line_type */
	bool (*set)(struct reading *r, const struct flat *p);
} keys[] = {
	{"schema", FLAT_NUMBER, false, EVENT | HELLO | LOST | REFUSED, set_schema},
	{"type", FLAT_STRING, false, EVENT | HELLO | LOST | REFUSED, set_type},
	{"time", FLAT_STRING, false, EVENT, set_time},
	{"fence", FLAT_STRING, false, EVENT | HELLO | REFUSED, set_fence},
	{"hook", FLAT_STRING, false, EVENT, set_hook},
	{"family", FLAT_STRING, false, EVENT, set_family},
	{"reason", FLAT_STRING, false, EVENT, set_reason},
	{"audit", FLAT_BOOL, false, EVENT, set_audit},
	{"protocol", FLAT_STRING, true, EVENT, set_protocol},
	{"local", FLAT_STRING, true, EVENT, set_local},
	{"local_port", FLAT_NUMBER, true, EVENT, set_local_port},
	{"remote", FLAT_STRING, true, EVENT, set_remote},
	{"remote_port", FLAT_NUMBER, true, EVENT, set_remote_port},
	{"name", FLAT_STRING, true, 0, set_name},
	{"name_length", FLAT_NUMBER, true, 0, set_name_length},
	{"interface", FLAT_STRING, true, EVENT, set_interface},
	{"length", FLAT_NUMBER, true, EVENT, set_length},
	{"pid", FLAT_NUMBER, true, EVENT, set_pid},
	{"uid", FLAT_NUMBER, true, EVENT, set_uid},
	{"comm", FLAT_STRING, true, EVENT, set_comm},
	{"count", FLAT_NUMBER, false, EVENT | LOST, set_count},
	{"version", FLAT_STRING, false, HELLO, set_message},
	{"message", FLAT_STRING, false, REFUSED, set_message},
};

#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

static bool read_pair(const struct flat *p, void *context)
{
	struct reading *r = context;

	for (unsigned i = 0; i < N_KEYS; i++) {
		if (strcmp(p->key, keys[i].key) != 0)
			continue;
		if (r->seen & 1U << i)
			return false;
		r->seen |= 1U << i;
		if (p->kind == FLAT_NULL)
			return keys[i].may_be_null;
		return p->kind == keys[i].kind && keys[i].set(r, p);
	}
	return true;
}

static bool take_name(struct reading *r)
{
	struct wgf_event *e = &r->line->told.event;

	if (e->hook == WGF_UNIX)
		e->remote_port = 0;
	return r->name_length ? event_set_name(e, r->name, r->name_length) : r->name[0] == '\0';
}

static bool is_sound(struct reading *r)
{
	const struct wgf_event *e = &r->line->told.event;
	bool of_unix = e->hook == WGF_UNIX && e->family == WGF_FAMILY_UNKNOWN;

	return r->packet == hook_is_packet(e->hook) && r->of_unix == of_unix && take_name(r);
}

enum line_type event_parse(const char *line, size_t len, struct event_line *ret)
{
	struct reading r = {.line = ret};

	*ret = (struct event_line){0};
	if (!flat_each(line, len, read_pair, &r))
		return LINE_WRONG;
	for (unsigned i = 0; i < N_KEYS; i++)
		if (keys[i].wanted_in & 1U << r.type && !(r.seen & 1U << i))
			return LINE_WRONG;
	return r.type != LINE_EVENT || is_sound(&r) ? r.type : LINE_WRONG;
}
