// SPDX-License-Identifier: GPL-2.0-only
#include "init_net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config.h"
#include "lan.h"

int net_tunnels(const struct inventory *inv, const struct list *sockets, struct list *ret,
		struct err *e)
{
	for (unsigned i = 0; i < inv->n_links; i++) {
		const struct link *l = &inv->links[i];

		if ((strcmp(l->kind, "wireguard") == 0 ||
		     (strcmp(l->kind, "tun") == 0 && list_has(sockets, l->name))) &&
		    list_add(ret, e, "%s", l->name))
			return -1;
	}
	return 0;
}

/* docker0, podman0, podman1 ..., cni-podman0, and Docker's br-HEX; a bridge of the host is `lan`.
 */
static bool is_container_bridge(const struct inventory *inv, const struct link *l)
{
	static const char *const begins[] = {"docker", "podman", "cni-podman", "br-"};

	if (strcmp(l->kind, "bridge") != 0 || lan_has_link(inv, l))
		return false;
	for (unsigned i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (strncmp(l->name, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* What the configuration cannot name (blanks, '@') is left out. */
static bool is_nameable(const char *ifname)
{
	return ifname[strcspn(ifname, "@/: \t#;\"\\")] == '\0';
}

int net_networks(const struct inventory *inv, const char *tunnel, struct list *ret, struct err *e)
{
	if (list_add(ret, e, "localhost") || list_add(ret, e, "lan"))
		return -1;
	for (unsigned i = 0; i < inv->n_links && ret->n < CONFIG_MAX_NETWORKS; i++) {
		const struct link *l = &inv->links[i];

		if (strcmp(l->name, tunnel) != 0 && is_nameable(l->name) &&
		    (strcmp(l->name, "tailscale0") == 0 || is_container_bridge(inv, l)) &&
		    list_add(ret, e, "%s", l->name))
			return -1;
	}
	return 0;
}

/* `all` is covered by one prefix, or both its halves are; halves that nothing lies in are not. */
static bool covers(const struct prefix *prefixes, unsigned n, const struct prefix *all)
{
	struct prefix half = {all->addr, all->len + 1};
	bool inside = false;

	for (unsigned i = 0; i < n; i++) {
		if (prefixes[i].len <= all->len && prefix_covers(&prefixes[i], &all->addr))
			return true;
		inside |= prefixes[i].len > all->len && prefix_covers(all, &prefixes[i].addr);
	}
	if (!inside || !covers(prefixes, n, &half))
		return false;
	half.addr.b[all->len / 8] |= (u8)(0x80 >> all->len % 8);
	return covers(prefixes, n, &half);
}

/* Of IPv6, 2000::/3 is all that there is. */
bool net_covers_all(const struct prefix *prefixes, unsigned n, bool ipv4)
{
	struct prefix all = {{.b = {[10] = 0xff, [11] = 0xff}}, 96};

	if (!ipv4)
		all = (struct prefix){{.b = {0x20}}, 3};
	return covers(prefixes, n, &all);
}

/* What the configuration would refuse is refused by asking it. */
static bool is_server(const char *text)
{
	char conf[256];
	struct config c;
	struct err e;
	int len = snprintf(conf, sizeof(conf),
			   "[fence]\nunit = a.service\ntunnel = wg0\n[dns]\nserver = %s\n", text);

	return len < (int)sizeof(conf) && config_parse(conf, (size_t)len, "", "a", &c, &e) == 0;
}

/* Behind DNS = stand addresses and search domains, with commas between them. */
static int take_servers(char *value, struct list *ret, struct err *e)
{
	char *rest = value, *word;

	value[strcspn(value, "#")] = '\0';
	while ((word = strsep(&rest, ", \t\r")))
		if (*word && ret->n < CONFIG_MAX_SERVERS && is_server(word) &&
		    list_add_new(ret, word, e))
			return -1;
	return 0;
}

int net_wg_quick_dns(const char *text, struct list *ret, struct err *e)
{
	char *copy = strdup(text), *rest = copy, *line;
	bool interface = false;
	int r = copy ? 0 : err_errno(e, "memory");

	while (r == 0 && (line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t");
		if (*line == '[')
			interface = strncasecmp(line, "[Interface]", 11) == 0;
		else if (interface && strncasecmp(line, "DNS", 3) == 0) {
			line += 3 + strspn(line + 3, " \t");
			if (*line == '=')
				r = take_servers(line + 1, ret, e);
		}
	}
	free(copy);
	return r;
}
