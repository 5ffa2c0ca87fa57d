// SPDX-License-Identifier: GPL-2.0-only
/*
 * An event as a line of text.
 *
 * Owns: its words and its colour. A packet is written in the direction that it went, a call with
 * the address that it named.
 */
#include "event_print.h"

#include <string.h>

#include "ip.h"
#include "words.h"

void event_text_name(FILE *out, const char *name, size_t max)
{
	for (; max && *name; name++, max--) {
		unsigned char c = (unsigned char)*name;

		if (c < 0x20 || c > 0x7e || c == '\\')
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

static void put_time(FILE *out, const struct timespec *time)
{
	char text[] = "HH:MM:SS";
	struct tm tm;

	if (localtime_r(&time->tv_sec, &tm))
		strftime(text, sizeof(text), "%T", &tm);
	fputs(text, out);
}

static void put_who(FILE *out, const struct wgf_event *e)
{
	if (!event_knows_who(e)) {
		fputs(" unknown", out);
		return;
	}
	fputc(' ', out);
	event_text_name(out, e->who.comm, sizeof(e->who.comm));
	fprintf(out, "[%u]", e->who.pid);
}

static void put_endpoint(FILE *out, const union wgf_ip *ip, u16 port)
{
	bool brackets = port && !wgf_is_v4(ip);
	char text[IP_TEXT];

	fprintf(out, "%s%s%s", brackets ? "[" : "", ip_print(ip, text), brackets ? "]" : "");
	if (port)
		fprintf(out, ":%u", port);
}

static void put_packet(FILE *out, const struct told *t)
{
	const struct wgf_event *e = &t->event;
	bool out_of = e->hook != WGF_INGRESS;

	if (event_knows_local(e)) {
		fputc(' ', out);
		put_endpoint(out, out_of ? &e->local : &e->remote,
			     out_of ? e->local_port : e->remote_port);
		fputs(" > ", out);
		put_endpoint(out, out_of ? &e->remote : &e->local,
			     out_of ? e->remote_port : e->local_port);
	}
	if (t->ifname[0]) {
		fputs(" by ", out);
		event_text_name(out, t->ifname, sizeof(t->ifname));
	}
}

static void put_call(FILE *out, const struct wgf_event *e)
{
	char name[NAME_TEXT];

	if (event_name_length(e)) {
		fprintf(out, " %s", event_name(e, name));
	} else if (event_knows_remote(e)) {
		fputc(' ', out);
		put_endpoint(out, &e->remote, e->remote_port);
		if (e->local_port)
			fprintf(out, " from port %u", e->local_port);
	} else if (event_knows_local(e)) {
		fputc(' ', out);
		put_endpoint(out, &e->local, e->local_port);
	}
}

/* Red is what the fence stopped, yellow what audit mode let pass. */
static void put_reason(FILE *out, const struct wgf_event *e, bool colour)
{
	const char *begin = e->mode == WGF_AUDIT ? "\033[33m" : "\033[31m";

	fprintf(out, ": %s%s%s", colour ? begin : "", reasons[e->reason].text,
		colour ? "\033[0m" : "");
	if (e->count > 1)
		fprintf(out, ", %llu so far", e->count);
	if (e->mode == WGF_AUDIT)
		fputs(" (audit)", out);
	fputc('\n', out);
}

void event_text(FILE *out, const struct told *t, bool colour)
{
	const struct wgf_event *e = &t->event;
	const char *protocol = event_protocol(e->proto);

	put_time(out, &t->time);
	put_who(out, e);
	fprintf(out, " %s", hook_label(e->hook));
	if (e->hook != WGF_UNIX)
		fprintf(out, " %s", family_label(e->family));
	if (protocol)
		fprintf(out, " %s", protocol);
	else if (e->proto)
		fprintf(out, " protocol %u", e->proto);
	if (hook_is_packet(e->hook))
		put_packet(out, t);
	else
		put_call(out, e);
	put_reason(out, e, colour);
}
