// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be judged only once the whole configuration is read: sections come in any order.
 *
 * Owns: what is missing, and what contradicts what. A refusal names the later thing's line and the
 * line that it contradicts.
 */
#include <string.h>

#include "config_parser.h"

/* Points the refusal at a line, and at a key or a "[section]". */
static const struct parser *at(struct parser *p, unsigned line, const char *key)
{
	p->line = line;
	p->key = key;
	return p;
}

/* Not both; the later one is to blame. */
static int check_either(struct parser *p, enum config_key a, enum config_key b)
{
	bool swap = p->set[a] > p->set[b];
	enum config_key first = swap ? b : a, second = swap ? a : b;

	if (!p->set[first])
		return 0;
	return refuse(at(p, p->set[second], config_keys[second].name),
		      "found beside %s (line %u), one of the two would be right",
		      config_keys[first].name, p->set[first]);
}

static int check_present(struct parser *p)
{
	unsigned fence = p->section[SECTION_FENCE], webui = p->section[SECTION_WEBUI];

	if (!fence)
		return refuse(at(p, 0, NULL), "found no [fence] section, one with unit and tunnel "
					      "would be right");
	if (!p->set[KEY_UNIT] && !p->set[KEY_CGROUP])
		return refuse(at(p, fence, "[fence]"), "found neither unit nor cgroup, unit = "
						       "NAME.service would be right");
	if (!p->set[KEY_TUNNEL])
		return refuse(at(p, fence, "[fence]"),
			      "found no tunnel, tunnel = INTERFACE such as wg0 would be right");
	if (p->section[SECTION_METRICS] && !p->set[KEY_DIRECTORY])
		return refuse(at(p, p->section[SECTION_METRICS], "[metrics]"),
			      "found no directory, directory = PATH (or no [metrics] at all) would "
			      "be right");
	if (webui && !p->set[KEY_PORT])
		return refuse(at(p, webui, "[webui]"),
			      "found no port, port = NUMBER (or no [webui] at all) would be right");
	return 0;
}

static int check_tunnel(struct parser *p)
{
	const struct config *c = p->c;

	for (unsigned i = 0; i < c->n_networks; i++) {
		const struct config_network *n = &c->networks[i];

		if (strcmp(n->ifname, c->tunnel) != 0)
			continue;
		at(p, n->line, config_keys[KEY_NETWORK].name);
		if (strcmp(c->tunnel, "tailscale0") == 0)
			return refuse(p,
				      "found tailscale0, which is the tunnel (line %u): the "
				      "WebUI is not offered over the tailnet then, networks "
				      "without it would be right",
				      p->set[KEY_TUNNEL]);
		return refuse(p,
			      "found %s, which is the tunnel (line %u), networks outside it "
			      "would be right",
			      SHOW(c->tunnel), p->set[KEY_TUNNEL]);
	}
	for (unsigned i = 0; i < c->n_rules; i++)
		if (strcmp(c->rules[i].ifname, c->tunnel) == 0)
			return refuse(at(p, c->rules[i].line, config_keys[KEY_RULE].name),
				      "found dev %s, which is the tunnel (line %u) and needs no "
				      "rule, another interface would be right",
				      SHOW(c->tunnel), p->set[KEY_TUNNEL]);
	return 0;
}

/* A query to a resolver in a named network would not be one that goes through the tunnel. */
static int check_servers(struct parser *p)
{
	const struct config *c = p->c;
	char network[IP_TEXT], server[IP_TEXT];

	for (unsigned i = 0; i < c->n_networks; i++) {
		const struct config_network *n = &c->networks[i];

		if (n->kind != NETWORK_PREFIX && n->kind != NETWORK_ROUTED)
			continue;
		for (unsigned j = 0; j < c->n_servers; j++)
			if (prefix_covers(&n->prefix, &c->servers[j]))
				return refuse(at(p, n->line, config_keys[KEY_NETWORK].name),
					      "found %s, which holds the resolver %s (line %u), a "
					      "network without it would be right",
					      prefix_print(&n->prefix, network),
					      ip_print(&c->servers[j], server), p->set[KEY_SERVER]);
	}
	return 0;
}

/*
 * The verdict lets no rule match TCP on the WebUI port, and a rule that admits nothing is a
 * mistake. Without a WebUI its port is 0, which no rule has.
 */
static int check_webui_rules(struct parser *p)
{
	const struct config *c = p->c;

	for (unsigned i = 0; i < c->n_rules; i++) {
		const struct config_rule *r = &c->rules[i];

		if (r->kind == WGF_SERVE_RULE && r->proto == WGF_TCP && r->port == c->webui_port)
			return refuse(at(p, r->line, config_keys[KEY_RULE].name),
				      "found serve tcp of port %u, which is the WebUI's (line %u), "
				      "allow in [webui] would be right",
				      r->port, p->set[KEY_PORT]);
	}
	return 0;
}

/* A section for what is switched off in [fence]. */
static int check_off(struct parser *p, enum config_section section, const char *name,
		     enum config_key key)
{
	if (!p->section[section])
		return 0;
	return refuse(at(p, p->section[section], name),
		      "found beside %s = off (line %u), one of the two would be right",
		      config_keys[key].name, p->set[key]);
}

int config_check(struct parser *p)
{
	if (check_either(p, KEY_UNIT, KEY_CGROUP) || check_present(p))
		return -1;
	p->c->webui = p->section[SECTION_WEBUI];
	if (check_tunnel(p) || check_servers(p) || check_webui_rules(p))
		return -1;
	if (p->section[SECTION_METRICS] && !p->set[KEY_INTERVAL])
		p->c->metrics.interval = CONFIG_INTERVAL;
	if (p->c->route.off && check_off(p, SECTION_ROUTE, "[route]", KEY_ROUTE))
		return -1;
	return p->c->unix_off ? check_off(p, SECTION_UNIX, "[unix]", KEY_UNIX) : 0;
}
