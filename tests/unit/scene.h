/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scenes: machines and configurations as text, for the compiler's tests.
 *
 * Owns: a notation short enough for tables. A machine is a list of links, apart by ";", indices
 * from 1 in their order:
 *
 *   NAME[:KIND][^MASTER] [down] [p2p] [rawip] [ADDRESS/LEN]... [OWN>PEER/LEN]...
 * [ADDRESS/LEN=BROADCAST]...
 *   [+ONLINK-PREFIX]...
 *
 * `lo` is the loopback; kinds wireguard and tun are no Ethernet (but tap is, which the kernel calls
 * tun). The networks that are named are words as in [webui] allow, their line is their position
 * from 1; rules are lines as in [rules] allow, their line is 100 and on.
 */
#ifndef WGF_TEST_SCENE_H
#define WGF_TEST_SCENE_H

#include <net/if.h>
#include <net/if_arp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compile.h"

#define SCENE_MAX 512

struct scene {
	struct link links[SCENE_MAX];
	struct addr addrs[SCENE_MAX];
	struct onlink onlinks[SCENE_MAX];
	struct inventory inv;
	struct config c;
	struct wgf_policy p;
	struct notes notes;
};

static inline union wgf_ip scene_ip(const char *text)
{
	union wgf_ip ip;

	if (!ip_parse(text, &ip))
		fail_msg("not an address: %s", text);
	return ip;
}

/* Host bits may be set: an interface's address has some. */
static inline struct prefix scene_prefix(const char *text)
{
	char head[IP_TEXT];
	struct prefix p = {.len = 128};
	union wgf_ip mask;
	const char *slash = strchrnul(text, '/');

	snprintf(head, sizeof(head), "%.*s", (int)(slash - text), text);
	p.addr = scene_ip(head);
	if (*slash)
		p.len = (unsigned)atoi(slash + 1) + (wgf_is_v4(&p.addr) ? 96 : 0);
	mask = ip_mask(p.len);
	p.addr = ip_and(&p.addr, &mask);
	return p;
}

static inline void scene_addr(struct scene *s, u32 ifindex, char *text)
{
	struct addr *a = &s->addrs[s->inv.n_addrs++];
	char *broadcast = strchr(text, '='), *peer = strchr(text, '>'), *slash;

	assert_true(s->inv.n_addrs < SCENE_MAX);
	a->ifindex = ifindex;
	if (broadcast) {
		*broadcast = '\0';
		a->has_broadcast = true;
		a->broadcast = scene_ip(broadcast + 1).w[3];
	}
	a->network = scene_prefix(peer ? peer + 1 : text);
	slash = strpbrk(text, ">/");
	if (slash)
		*slash = '\0';
	a->local = scene_ip(text);
}

static inline void scene_link(struct scene *s, char *text)
{
	struct link *l = &s->links[s->inv.n_links++];
	char *save, *word = strtok_r(text, " ", &save), *master = strchr(word, '^'), *kind;

	assert_true(s->inv.n_links < SCENE_MAX);
	l->ifindex = s->inv.n_links;
	l->flags = IFF_UP;
	l->type = ARPHRD_ETHER;
	if (master) {
		*master = '\0';
		l->master = inventory_link_by_name(&s->inv, master + 1)->ifindex;
	}
	kind = strchr(word, ':');
	if (kind) {
		*kind = '\0';
		snprintf(l->kind, sizeof(l->kind), "%s", kind + 1);
	}
	snprintf(l->name, sizeof(l->name), "%s", word);
	if (strcmp(l->name, "lo") == 0) {
		l->flags |= IFF_LOOPBACK;
		l->type = ARPHRD_LOOPBACK;
	}
	if (strcmp(l->kind, "wireguard") == 0 || strcmp(l->kind, "tun") == 0) {
		l->flags |= IFF_POINTOPOINT | IFF_NOARP;
		l->type = ARPHRD_NONE;
	}
	if (strcmp(l->kind, "tap") == 0)
		strcpy(l->kind, "tun");
	while ((word = strtok_r(NULL, " ", &save))) {
		if (strcmp(word, "down") == 0) {
			l->flags &= ~(u32)IFF_UP;
		} else if (strcmp(word, "p2p") == 0) {
			l->flags |= IFF_POINTOPOINT;
		} else if (strcmp(word, "rawip") == 0) {
			l->type = ARPHRD_RAWIP;
		} else if (*word == '+') {
			assert_true(s->inv.n_onlinks < SCENE_MAX);
			s->onlinks[s->inv.n_onlinks++] =
				(struct onlink){l->ifindex, scene_prefix(word + 1)};
		} else {
			scene_addr(s, l->ifindex, word);
		}
	}
}

static inline void scene_allow(struct scene *s, const char *word)
{
	struct config_network *n = &s->c.networks[s->c.n_networks++];
	const char *at = strchr(word, '@');
	char head[IP_TEXT];

	assert_true(s->c.n_networks <= CONFIG_MAX_NETWORKS);
	n->line = s->c.n_networks;
	if (strcmp(word, "localhost") == 0) {
		n->kind = NETWORK_LOCALHOST;
	} else if (strcmp(word, "lan") == 0) {
		n->kind = NETWORK_LAN;
	} else if (at) {
		n->kind = NETWORK_ROUTED;
		snprintf(head, sizeof(head), "%.*s", (int)(at - word), word);
		n->prefix = scene_prefix(head);
		snprintf(n->ifname, sizeof(n->ifname), "%s", at + 1);
	} else if (strpbrk(word, ".:/")) {
		n->kind = NETWORK_PREFIX;
		n->prefix = scene_prefix(word);
	} else {
		n->kind = NETWORK_INTERFACE;
		snprintf(n->ifname, sizeof(n->ifname), "%s", word);
	}
}

/* connect|serve tcp|udp ADDRESS[/LEN] PORT [dev INTERFACE] */
static inline void scene_rule(struct scene *s, const char *text)
{
	struct config_rule *r = &s->c.rules[s->c.n_rules];
	char kind[8], proto[4], remote[IP_TEXT];

	assert_in_range(sscanf(text, "%7s %3s %63s %hu dev %15s", kind, proto, remote, &r->port,
			       r->ifname),
			4, 5);
	r->line = 100 + s->c.n_rules++;
	r->kind = strcmp(kind, "connect") == 0 ? WGF_CONNECT_RULE : WGF_SERVE_RULE;
	r->proto = strcmp(proto, "tcp") == 0 ? WGF_TCP : WGF_UDP;
	r->remote = scene_prefix(remote);
}

/* A scene to be freed; `allow` NULL: there is no WebUI. The tunnel is wg0. */
static inline struct scene *scene_new(const char *machine, const char *allow)
{
	struct scene *s = calloc(1, sizeof(*s));
	char *text = strdup(machine), *words = strdup(allow ? allow : ""), *save, *part;

	assert_non_null(s);
	assert_true(text && words);
	s->inv.links = s->links;
	s->inv.addrs = s->addrs;
	s->inv.onlinks = s->onlinks;
	for (part = strtok_r(text, ";", &save); part; part = strtok_r(NULL, ";", &save))
		scene_link(s, part);
	snprintf(s->c.tunnel, sizeof(s->c.tunnel), "wg0");
	s->c.webui = allow != NULL;
	s->c.webui_port = allow ? 8080 : 0;
	for (part = strtok_r(words, " ", &save); part; part = strtok_r(NULL, " ", &save))
		scene_allow(s, part);
	free(text);
	free(words);
	return s;
}

/* Garbage first: the result may not depend on what was there before. */
static inline void scene_compile(struct scene *s)
{
	memset(&s->p, 0xa5, sizeof(s->p));
	memset(&s->notes, 0xa5, sizeof(s->notes));
	policy_compile(&s->c, &s->inv, 4711, 815, &s->p, &s->notes);
}

/* "192.168.1.0/24@eth0 any@lo", in the policy's order. */
static inline const char *scene_networks(const struct scene *s, char *out, size_t size)
{
	FILE *f = fmemopen(out, size, "w");

	for (u32 i = 0; i < s->p.n_networks; i++) {
		const struct wgf_network *n = &s->p.networks[i];
		struct prefix p = {n->addr, (unsigned)(__builtin_popcountll(n->mask.q[0]) +
						       __builtin_popcountll(n->mask.q[1]))};
		char text[IP_TEXT];

		fprintf(f, "%s%s@%s", i ? " " : "", p.len ? prefix_print(&p, text) : "any",
			inventory_link(&s->inv, n->ifindex)->name);
	}
	fputc('\0', f);
	fclose(f);
	return out;
}

/* "conflict 2 TEXT; absent 1 TEXT" */
static inline const char *scene_notes(const struct scene *s, char *out, size_t size)
{
	static const char *const kinds[] = {"absent", "overflow", "conflict", "warning"};
	FILE *f = fmemopen(out, size, "w");

	for (unsigned i = 0; i < s->notes.n; i++)
		fprintf(f, "%s%s %u %s", i ? "; " : "", kinds[s->notes.note[i].kind],
			s->notes.note[i].line, s->notes.note[i].text);
	fputc('\0', f);
	fclose(f);
	return out;
}

#endif
