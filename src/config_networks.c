// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists of addresses in a configuration: [webui] allow and [dns] server.
 *
 * Owns: what may stand in them. Must never accept a network so wide, or of such a kind, that the
 * WebUI would answer the internet.
 */
#include <string.h>

#include "config_parser.h"

/* What is neither a network of hosts nor a server; the first that fits gives the word. */
static const struct special {
	struct prefix prefix;
	const char *word;
} specials[] = {
	// clang-format off
	{{{.b = {[10] = 0xff, 0xff, 127}}, 96 + 8},		  "loopback"},
	{{{.b = {[15] = 1}}, 128},				  "loopback"},
	{{{.b = {[10] = 0xff, 0xff, 0}}, 96 + 8},		  "unspecified"},
	{{{.b = {0}}, 128},					  "unspecified"},
	{{{.b = {[10] = 0xff, 0xff, 224}}, 96 + 4},		  "multicast"},
	{{{.b = {0xff}}, 8},					  "multicast"},
	{{{.b = {[10] = 0xff, 0xff, 255, 255, 255, 255}}, 128},	  "broadcast"},
	{{{.b = {[10] = 0xff, 0xff, 255}}, 96 + 8},		  "reserved"}, /* holds broadcast */
	{{{.b = {0}}, 32},					  "reserved"}, /* holds ::1 */
	// clang-format on
};

/* The special range in which all of it lies; NULL where there is none. */
static const struct special *special_of(const struct prefix *p)
{
	for (unsigned i = 0; i < sizeof(specials) / sizeof(*specials); i++)
		if (p->len >= specials[i].prefix.len &&
		    prefix_covers(&specials[i].prefix, &p->addr))
			return &specials[i];
	return NULL;
}

static int read_server(const struct parser *p, const char *text, union wgf_ip *ret)
{
	/* MagicDNS: tailscaled answers there, and asks outside the fence. */
	static const union wgf_ip tailscale[] = {
		{.b = {[10] = 0xff, 0xff, 100, 100, 100, 100}},
		{.b = {0xfd, 0x7a, 0x11, 0x5c, 0xa1, 0xe0, [15] = 0x53}},
	};
	const struct special *special;

	if (!ip_parse(text, ret))
		return refuse(p,
			      "found \"%s\", the address of a resolver inside the tunnel would "
			      "be right",
			      SHOW(text));
	special = special_of(&(struct prefix){*ret, 128});
	if (special)
		return refuse(p,
			      "found \"%s\", which is %s, the address of a resolver inside the "
			      "tunnel would be right",
			      text, special->word);
	for (unsigned i = 0; i < 2; i++)
		if (ip_equal(ret, &tailscale[i]))
			return refuse(p,
				      "found \"%s\", where tailscaled would ask outside the "
				      "fence, the address of a resolver inside the tunnel would "
				      "be right",
				      text);
	return 0;
}

int read_servers(struct parser *p, char *value)
{
	struct config *c = p->c;
	union wgf_ip server;
	char *word;

	while ((word = word_next(&value))) {
		if (c->n_servers == CONFIG_MAX_SERVERS)
			return refuse(p, "found server %d, at most %d would be right",
				      CONFIG_MAX_SERVERS + 1, CONFIG_MAX_SERVERS);
		if (read_server(p, word, &server))
			return -1;
		for (unsigned i = 0; i < c->n_servers; i++)
			if (ip_equal(&c->servers[i], &server))
				return refuse(p, "found \"%s\" twice, once would be right", word);
		c->servers[c->n_servers++] = server;
	}
	return 0;
}

int read_prefix(const struct parser *p, const char *text, struct prefix *ret)
{
	char buf[128];
	const char *wrong = prefix_parse(text, ret, buf, sizeof(buf));

	return wrong ? refuse(p, "found \"%s\": %s", SHOW(text), wrong) : 0;
}

static int read_network_prefix(const struct parser *p, const char *text, struct prefix *ret)
{
	const struct special *special;
	unsigned ipv4, least;

	if (read_prefix(p, text, ret))
		return -1;
	special = special_of(ret);
	if (special)
		return refuse(p, "found \"%s\", which is %s, %s would be right", text,
			      special->word,
			      strcmp(special->word, "loopback") == 0 ? "localhost"
								     : "a network of hosts");
	ipv4 = wgf_is_v4(&ret->addr) ? 96 : 0;
	least = ipv4 ? 8 : 32;
	if (ret->len < ipv4 + least)
		return refuse(p,
			      "found \"%s\", which is so wide that it holds strangers, /%u or "
			      "longer would be right",
			      text, least);
	return 0;
}

/* Is it meant as an address? No interface's name has the first two; one of digits and dots is rare.
 */
static bool looks_like_address(const char *text)
{
	return strpbrk(text, "/:") || strspn(text, "0123456789.") == strlen(text);
}

static int read_device(const struct parser *p, const char *text, char ret[WGF_IFNAME])
{
	if (strcmp(text, "lo") == 0)
		return refuse(p, "found \"lo\", localhost would be right");
	return read_ifname(p, text, ret);
}

static int read_network(const struct parser *p, char *text, struct config_network *ret)
{
	char *at = strchr(text, '@');

	if (strcmp(text, "localhost") == 0) {
		ret->kind = NETWORK_LOCALHOST;
		return 0;
	}
	if (strcmp(text, "lan") == 0) {
		ret->kind = NETWORK_LAN;
		return 0;
	}
	if (at) {
		ret->kind = NETWORK_ROUTED;
		*at = '\0';
		return read_network_prefix(p, text, &ret->prefix) ||
				       read_device(p, at + 1, ret->ifname)
			       ? -1
			       : 0;
	}
	if (looks_like_address(text)) {
		ret->kind = NETWORK_PREFIX;
		return read_network_prefix(p, text, &ret->prefix);
	}
	ret->kind = NETWORK_INTERFACE;
	return read_device(p, text, ret->ifname);
}

static bool same_network(const struct config_network *a, const struct config_network *b)
{
	return a->kind == b->kind && a->prefix.len == b->prefix.len &&
	       ip_equal(&a->prefix.addr, &b->prefix.addr) && strcmp(a->ifname, b->ifname) == 0;
}

int read_networks(struct parser *p, char *value)
{
	struct config *c = p->c;
	char *word;

	while ((word = word_next(&value))) {
		struct config_network network = {.line = p->line};

		if (c->n_networks == CONFIG_MAX_NETWORKS)
			return refuse(p, "found network %d, at most %d would be right",
				      CONFIG_MAX_NETWORKS + 1, CONFIG_MAX_NETWORKS);
		if (read_network(p, word, &network))
			return -1;
		for (unsigned i = 0; i < c->n_networks; i++)
			if (same_network(&c->networks[i], &network))
				return refuse(p,
					      "found \"%s\", which line %u names already, once "
					      "would be right",
					      SHOW(word), c->networks[i].line);
		c->networks[c->n_networks++] = network;
	}
	return 0;
}
