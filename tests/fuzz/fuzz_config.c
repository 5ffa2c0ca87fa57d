// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration's parser under libFuzzer.
 *
 * Owns: what must hold of it for every input, well-formed or not: either a message that names the
 * file and is printable, and *ret untouched; or a configuration that keeps every promise of
 * src/config.h, and becomes a sound policy on a machine that has the interfaces it is likely to
 * name. Aborts where one is broken.
 */
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "must.h"
#include "sound.h"
#include "unix_text.h"

#define FILE_NAME "fuzz.conf"

static void check_refusal(const struct config *c, const struct config *before, const struct err *e)
{
	size_t len = strnlen(e->text, sizeof(e->text));

	MUST(memcmp((const char *)c, (const char *)before, sizeof(*c)) == 0);
	MUST(e->code == EXIT_MISUSE);
	MUST(len < sizeof(e->text));
	MUST(strncmp(e->text, FILE_NAME ":", strlen(FILE_NAME ":")) == 0);
	MUST(strstr(e->text, "would be right"));
	for (size_t i = 0; i < len; i++)
		MUST(e->text[i] >= 0x20 && e->text[i] < 0x7f);
}

static void check_ifname(const char name[WGF_IFNAME], const char *tunnel)
{
	size_t len = strnlen(name, WGF_IFNAME);

	MUST(len > 0 && len < WGF_IFNAME);
	MUST(strcspn(name, "/:@ \t\r\n") == len);
	MUST(strcmp(name, ".") != 0 && strcmp(name, "..") != 0);
	MUST(strcmp(name, "localhost") != 0 && strcmp(name, "lan") != 0);
	MUST(!tunnel || strcmp(name, tunnel) != 0);
}

/* Its host bits are zero, it reads back, and its family is one: IPv6 never holds IPv4. */
static void check_prefix(const struct prefix *p)
{
	static const union wgf_ip v4 = {.b = {[10] = 0xff, 0xff, 8, 8, 8, 8}};
	union wgf_ip mask = ip_mask(p->len), under = ip_and(&p->addr, &mask);
	union wgf_ip v4_under = ip_and(&v4, &mask);
	char text[IP_TEXT], buf[128];
	struct prefix again;

	MUST(p->len <= 128);
	MUST(ip_equal(&under, &p->addr));
	MUST(wgf_is_v4(&p->addr) ? p->len >= 96 : !ip_equal(&v4_under, &p->addr));
	MUST(!prefix_parse(prefix_print(p, text), &again, buf, sizeof(buf)));
	MUST(again.len == p->len && ip_equal(&again.addr, &p->addr));
}

static void check_fence(const struct config *c)
{
	const char *suffix = strrchr(c->unit, '.');

	MUST(strcmp(c->file, FILE_NAME) == 0 && strcmp(c->name, "fuzz") == 0);
	check_ifname(c->tunnel, NULL);
	MUST(strcmp(c->tunnel, "lo") != 0);
	MUST(c->mode == WGF_ENFORCE || c->mode == WGF_AUDIT);
	MUST(!c->unit[0] != !c->cgroup[0]);
	MUST(!c->unit[0] || (suffix && strcmp(suffix, ".service") == 0 && !strchr(c->unit, '/')));
	MUST(!c->cgroup[0] || (c->cgroup[0] == '/' && c->cgroup[1]));
	MUST(!strstr(c->cgroup, "//") && !strstr(c->cgroup, "/../"));
	MUST(!c->cgroup[0] || c->cgroup[strlen(c->cgroup) - 1] != '/');
}

static void check_network(const struct config *c, const struct config_network *n)
{
	static const struct prefix loopback = {{.b = {[10] = 0xff, 0xff, 127}}, 104};

	MUST(n->line > 0);
	MUST(n->kind <= NETWORK_ROUTED);
	if (n->kind == NETWORK_INTERFACE || n->kind == NETWORK_ROUTED)
		check_ifname(n->ifname, c->tunnel);
	else
		MUST(!n->ifname[0]);
	if (n->kind != NETWORK_PREFIX && n->kind != NETWORK_ROUTED)
		return;
	check_prefix(&n->prefix);
	MUST(n->prefix.len >= (wgf_is_v4(&n->prefix.addr) ? 104 : 32));
	MUST(!prefix_covers(&loopback, &n->prefix.addr));
	for (unsigned i = 0; i < c->n_servers; i++)
		MUST(!prefix_covers(&n->prefix, &c->servers[i]));
}

static void check_rule(const struct config *c, const struct config_rule *r)
{
	MUST(r->line > 0);
	MUST(r->kind == WGF_CONNECT_RULE || r->kind == WGF_SERVE_RULE);
	MUST(r->proto == WGF_TCP || r->proto == WGF_UDP);
	MUST(r->port > 0);
	MUST(!(c->webui && r->kind == WGF_SERVE_RULE && r->proto == WGF_TCP &&
	       r->port == c->webui_port));
	check_prefix(&r->remote);
	if (r->ifname[0])
		check_ifname(r->ifname, c->tunnel);
}

static void check_name(const struct config *c, unsigned i)
{
	const struct config_name *n = &c->names[i];
	char text[NAME_TEXT];
	struct wgf_name again;

	MUST(n->line > 0);
	MUST(n->name.len >= 2 && n->name.len <= WGF_NAME_BYTES);
	MUST(n->name.bytes[0] == '\0' || n->name.bytes[0] == '/');
	MUST(n->name.bytes[0] == '\0' || strnlen(n->name.bytes, WGF_NAME_BYTES) == n->name.len);
	for (u32 k = n->name.len; k < WGF_NAME_BYTES; k++)
		MUST(n->name.bytes[k] == '\0');
	MUST(name_parse(name_print(n->name.bytes, n->name.len, n->name.len, text), &again));
	MUST(memcmp(&again, &n->name, sizeof(again)) == 0);
	for (unsigned k = 0; k < i; k++)
		MUST(memcmp(&c->names[k].name, &n->name, sizeof(again)) != 0);
}

static void check_config(const struct config *c)
{
	check_fence(c);
	MUST(c->webui ? c->webui_port > 0 : c->webui_port == 0 && c->n_networks == 0);
	MUST(c->n_networks <= CONFIG_MAX_NETWORKS);
	MUST(c->n_servers <= CONFIG_MAX_SERVERS);
	MUST(c->n_rules <= WGF_MAX_RULES);
	MUST(c->n_names <= WGF_MAX_NAMES && (!c->unix_off || c->n_names == 0));
	for (unsigned i = 0; i < c->n_names; i++)
		check_name(c, i);
	for (unsigned i = 0; i < c->n_networks; i++)
		check_network(c, &c->networks[i]);
	for (unsigned i = 0; i < c->n_rules; i++)
		check_rule(c, &c->rules[i]);
}

#define V4(w, x, y, z)                                 \
	{                                              \
		.b = { [10] = 0xff, 0xff, w, x, y, z } \
	}

/* lo, eth0, and the tunnel, whatever it is called; one of its addresses looks like an ethertype. */
static void check_policy(const struct config *c)
{
	static struct link links[] = {{.ifindex = 1, .flags = IFF_UP | IFF_LOOPBACK, .name = "lo"},
				      {.ifindex = 2, .flags = IFF_UP, .name = "eth0"},
				      {.ifindex = 3, .flags = IFF_UP}};
	static struct addr addrs[] = {
		{.ifindex = 2, .local = V4(192, 168, 1, 5), .network = {V4(192, 168, 1, 0), 120}},
		{.ifindex = 3, .local = V4(8, 0, 0, 2), .network = {V4(8, 0, 0, 2), 128}},
		{.ifindex = 3, .local = {.b = {0xfc}}, .network = {{.b = {0xfc}}, 128}},
		{.ifindex = 3, .local = V4(10, 64, 0, 2), .network = {V4(10, 64, 0, 2), 128}},
	};
	const struct inventory inv = {.links = links, .n_links = 3, .addrs = addrs, .n_addrs = 4};
	static struct wgf_policy policy;
	static struct notes notes;

	memcpy(links[2].name, c->tunnel, sizeof(links[2].name));
	policy_compile(c, &inv, 1, 1, &policy, &notes);
	MUST(policy_is_sound(&policy));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config c, before, again;
	struct err e = {.text = ""}, e_again = {.text = ""};
	const char *text = (const char *)data;
	int wrong;

	memset(&before, 0xa5, sizeof(before));
	c = again = before;
	wrong = config_parse(text, size, FILE_NAME, "fuzz", &c, &e);
	if (wrong) {
		check_refusal(&c, &before, &e);
	} else {
		check_config(&c);
		check_policy(&c);
	}
	/* The same again, for the same input. */
	MUST(config_parse(text, size, FILE_NAME, "fuzz", &again, &e_again) == wrong);
	MUST(strcmp(e.text, e_again.text) == 0);
	MUST(again.n_networks == c.n_networks && again.n_rules == c.n_rules);
	return 0;
}
