// SPDX-License-Identifier: GPL-2.0-only
/*
 * An event as a JSON line, schema 1 (wgfence-events(7)).
 *
 * Owns: its keys and their order; event_parse.c reads them back. Must never change what a key
 * means: that would be schema 2.
 */
#include <string.h>

#include "event_print.h"
#include "ip.h"
#include "json.h"
#include "words.h"

static void put_key(FILE *out, const char *key)
{
	fprintf(out, ",\"%s\":", key);
}

/* NULL is null. */
static void put_text(FILE *out, const char *key, const char *text)
{
	put_key(out, key);
	if (text)
		json_string(out, text);
	else
		fputs("null", out);
}

static void put_number(FILE *out, const char *key, bool known, u64 number)
{
	put_key(out, key);
	if (known)
		fprintf(out, "%llu", number);
	else
		fputs("null", out);
}

static void put_time(FILE *out, const struct timespec *time)
{
	char text[] = "YYYY-mm-ddTHH:MM:SS";
	struct tm tm;

	if (!gmtime_r(&time->tv_sec, &tm) || !strftime(text, sizeof(text), "%FT%T", &tm)) {
		put_text(out, "time", NULL);
		return;
	}
	put_key(out, "time");
	fprintf(out, "\"%s.%06ldZ\"", text, time->tv_nsec / 1000);
}

static void put_protocol(FILE *out, u32 proto)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", proto);
	put_text(out, "protocol", event_protocol(proto) ?: proto ? number : NULL);
}

static void put_endpoints(FILE *out, const struct wgf_event *e)
{
	bool port = e->hook != WGF_UNIX; /* in whose place the name's length is */
	char text[IP_TEXT];

	put_text(out, "local", event_knows_local(e) ? ip_print(&e->local, text) : NULL);
	put_number(out, "local_port", port && e->local_port, e->local_port);
	put_text(out, "remote", event_knows_remote(e) ? ip_print(&e->remote, text) : NULL);
	put_number(out, "remote_port", port && e->remote_port, e->remote_port);
}

/* Keys that no other hook's events have. */
static void put_name(FILE *out, const struct wgf_event *e)
{
	size_t len = event_name_length(e);
	char text[NAME_TEXT];

	put_text(out, "name", len ? event_name(e, text) : NULL);
	put_number(out, "name_length", len, len);
}

static void put_who(FILE *out, const struct wgf_event *e)
{
	bool known = event_knows_who(e);
	char comm[WGF_COMM + 1];

	snprintf(comm, sizeof(comm), "%.*s", WGF_COMM, e->who.comm);
	put_number(out, "pid", known, e->who.pid);
	put_number(out, "uid", known, e->who.uid);
	put_text(out, "comm", known ? comm : NULL);
}

void event_json(FILE *out, const struct told *t)
{
	const struct wgf_event *e = &t->event;
	bool packet = hook_is_packet(e->hook);

	fprintf(out, "{\"schema\":1,\"type\":\"%s\"", packet ? "drop" : "refuse");
	put_time(out, &t->time);
	put_text(out, "fence", t->fence);
	put_text(out, "hook", hook_label(e->hook));
	put_text(out, "family", family_label_at(e->hook, e->family));
	put_text(out, "reason", reasons[e->reason].label);
	put_key(out, "audit");
	fputs(e->mode == WGF_AUDIT ? "true" : "false", out);
	put_protocol(out, e->proto);
	put_endpoints(out, e);
	if (e->hook == WGF_UNIX)
		put_name(out, e);
	put_text(out, "interface", t->ifname[0] ? t->ifname : NULL);
	put_number(out, "length", packet, e->length);
	put_who(out, e);
	put_number(out, "count", true, e->count);
	fputs("}\n", out);
}

size_t event_json_line(const struct told *t, char line[EVENT_LINE])
{
	FILE *out = fmemopen(line, EVENT_LINE, "w");

	line[0] = '\0';
	if (!out)
		return 0;
	event_json(out, t);
	fclose(out);
	return strlen(line);
}
