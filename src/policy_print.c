// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy for people.
 *
 * Owns: its layout in lines. Must never leave out anything that admits a packet.
 */
#include "policy_print.h"

#define IF_TEXT 32

/* A label at the first line of its part, blanks at the others. */
static void head(FILE *out, const char *label, u32 i)
{
	fprintf(out, "%-10s  ", i == 0 ? label : "");
}

static const char *if_print(const struct inventory *inv, u32 ifindex, char out[IF_TEXT])
{
	const struct link *l = inventory_link(inv, ifindex);

	if (l)
		return l->name;
	snprintf(out, IF_TEXT, "interface %u (gone)", ifindex);
	return out;
}

static const char *masked_print(const union wgf_ip *addr, const union wgf_ip *mask,
				char out[IP_TEXT])
{
	unsigned len =
		(unsigned)(__builtin_popcountll(mask->q[0]) + __builtin_popcountll(mask->q[1]));

	return prefix_print(&(struct prefix){*addr, len}, out);
}

static void print_tunnels(FILE *out, const struct wgf_policy *p, const struct inventory *inv)
{
	char text[IP_TEXT], ifname[IF_TEXT];

	for (u32 i = 0; i < WGF_MAX_TUNNELS && p->names[i][0]; i++) {
		head(out, "tunnel", i);
		if (!p->tunnels[i])
			fprintf(out, "%s (not there: nothing leaves by it)\n", p->names[i]);
		else if (!p->n_tunnels)
			fprintf(out, "%s (down or without an address: nothing leaves by it)\n",
				p->names[i]);
		else
			fprintf(out, "%s (interface %u)\n", p->names[i], p->tunnels[i]);
	}
	for (u32 i = 0; i < p->n_sources; i++) {
		head(out, "from", i);
		fprintf(out, "%s on %s\n", ip_print(&p->sources[i].addr, text),
			if_print(inv, p->sources[i].ifindex, ifname));
	}
}

static void print_webui(FILE *out, const struct wgf_policy *p, const struct inventory *inv)
{
	char text[IP_TEXT], ifname[IF_TEXT];

	head(out, "webui", 0);
	if (!p->webui) {
		fputs("none\n", out);
		return;
	}
	fprintf(out, "tcp port %u\n", p->webui_port);
	for (u32 i = 0; i < p->n_networks; i++) {
		const struct wgf_network *n = &p->networks[i];
		bool any = n->mask.q[0] == 0 && n->mask.q[1] == 0;

		head(out, "answers", i);
		fprintf(out, "%s on %s\n",
			any ? "any address" : masked_print(&n->addr, &n->mask, text),
			if_print(inv, n->ifindex, ifname));
	}
}

/* As it is written in the configuration, in full. */
static void print_rules(FILE *out, const struct wgf_policy *p, const struct inventory *inv)
{
	char text[IP_TEXT], ifname[IF_TEXT];

	for (u32 i = 0; i < p->n_rules; i++) {
		const struct wgf_rule *r = &p->rules[i];

		head(out, "rules", i);
		fprintf(out, "%s %s %s %u", r->kind == WGF_CONNECT_RULE ? "connect" : "serve",
			r->proto == WGF_TCP ? "tcp" : "udp", masked_print(&r->addr, &r->mask, text),
			r->port);
		if (r->ifmask)
			fprintf(out, " dev %s", if_print(inv, r->ifindex, ifname));
		fprintf(out, " (line %u)\n", r->line);
	}
}

void policy_print(FILE *out, const struct wgf_policy *p, const struct inventory *inv)
{
	char text[IP_TEXT];

	if (p->layout != WGF_LAYOUT) {
		head(out, "policy", 0);
		fputs("none: nothing leaves\n", out);
		return;
	}
	head(out, "mode", 0);
	fputs(p->mode == WGF_AUDIT ? "audit: counts, drops nothing\n" : "enforce\n", out);
	print_tunnels(out, p, inv);
	print_webui(out, p, inv);
	print_rules(out, p, inv);
	for (u32 i = 0; i < p->n_broadcasts; i++) {
		const union wgf_ip ip = {.w = {0, 0, WGF_BE32(0xffff), p->broadcasts[i]}};

		head(out, "broadcasts", i);
		fprintf(out, "%s\n", ip_print(&ip, text));
	}
}

void notes_print(FILE *out, const struct notes *notes, const char *file)
{
	static const char *const kinds[] = {
		[NOTE_ABSENT] = "not present",
		[NOTE_OVERFLOW] = "does not fit",
		[NOTE_CONFLICT] = "conflict, withdrawn",
		[NOTE_WARNING] = "warning",
	};

	for (unsigned i = 0; i < notes->n; i++) {
		const struct note *n = &notes->note[i];

		if (n->line)
			fprintf(out, "%s:%u: %s: %s\n", file, n->line, kinds[n->kind], n->text);
		else
			fprintf(out, "%s: %s: %s\n", file, kinds[n->kind], n->text);
	}
	if (notes->dropped)
		fprintf(out, "%s: %u more notes\n", file, notes->dropped);
}
