// SPDX-License-Identifier: GPL-2.0-only
#include "top_brief.h"

#include <string.h>

#include "ip.h"
#include "words.h"

static FILE *open_line(char line[TOP_LINE])
{
	memset(line, 0, TOP_LINE);
	return fmemopen(line, TOP_LINE - 1, "w");
}

static void put_who(FILE *out, const struct wgf_who *who)
{
	if (!who->pid) {
		fputs("unknown", out);
		return;
	}
	event_text_name(out, who->comm, sizeof(who->comm));
	fprintf(out, "[%u]", who->pid);
}

/* An arrow in the direction in which it would have gone. */
static void put_end(FILE *out, const char *arrow, const union wgf_ip *ip, u16 port)
{
	bool brackets = port && !wgf_is_v4(ip);
	char text[IP_TEXT];

	fprintf(out, " %s %s%s%s", arrow, brackets ? "[" : "", ip_print(ip, text),
		brackets ? "]" : "");
	if (port)
		fprintf(out, ":%u", port);
}

void top_brief_event(const struct top_event *top, char line[TOP_LINE])
{
	const struct wgf_event *e = &top->told.event;
	FILE *out = open_line(line);
	char name[NAME_TEXT];

	if (!out)
		return;
	fprintf(out, "%.8s %-18s ", top->text, reasons[e->reason].label);
	put_who(out, &e->who);
	if (event_name_length(e))
		fprintf(out, " > %s", event_name(e, name));
	else if (event_knows_remote(e))
		put_end(out, e->hook == WGF_INGRESS ? "<" : ">", &e->remote, e->remote_port);
	else if (event_knows_local(e))
		put_end(out, "at", &e->local, e->local_port);
	fclose(out);
}

/* Of a packet that came in the port is the member's own. A line that is full is cut. */
void top_brief_flow(const struct flow *f, char line[TOP_LINE])
{
	FILE *out = open_line(line);
	bool in = f->key.hook == WGF_INGRESS;
	char name[NAME_TEXT];

	if (!out)
		return;
	fprintf(out, "%8llu %-18s ", f->value.count, reasons[f->key.reason].label);
	put_who(out, &f->value.who);
	if (flow_name_length(&f->key))
		fprintf(out, " > %s", flow_name(&f->key, name));
	else if (flow_knows_remote(&f->key))
		put_end(out, in ? "<" : ">", &f->key.remote, in ? 0 : f->key.port);
	else if (f->key.port)
		fprintf(out, " at port %u", f->key.port);
	fclose(out);
}
