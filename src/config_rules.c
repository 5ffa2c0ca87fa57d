// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of a configuration: allow = connect|serve tcp|udp ADDRESS[/LEN] PORT [dev INTERFACE].
 *
 * Owns: their grammar. Must never give a rule a wider meaning than its words: nothing has a default
 * but the interface.
 */
#include <string.h>

#include "config_parser.h"

#define GRAMMAR "connect|serve tcp|udp ADDRESS[/LEN] PORT [dev INTERFACE]"

/* One of two words. */
static int read_either(const struct parser *p, const char *text, const char *const words[2],
		       const u8 values[2], u8 *ret)
{
	for (unsigned i = 0; i < 2; i++)
		if (strcmp(text, words[i]) == 0) {
			*ret = values[i];
			return 0;
		}
	return refuse(p, "found \"%s\", %s or %s would be right (" GRAMMAR ")", SHOW(text),
		      words[0], words[1]);
}

static int read_words(const struct parser *p, char *const words[7], unsigned n,
		      struct config_rule *ret)
{
	static const char *const kinds[2] = {"connect", "serve"}, *const protos[2] = {"tcp", "udp"};
	static const u8 kind_values[2] = {WGF_CONNECT_RULE, WGF_SERVE_RULE};
	static const u8 proto_values[2] = {WGF_TCP, WGF_UDP};

	if (n != 4 && n != 6)
		return refuse(p, "found %u words%s, %s would be right", n, n == 7 ? " or more" : "",
			      GRAMMAR);
	if (read_either(p, words[0], kinds, kind_values, &ret->kind) ||
	    read_either(p, words[1], protos, proto_values, &ret->proto) ||
	    read_prefix(p, words[2], &ret->remote) || read_port(p, words[3], &ret->port))
		return -1;
	if (n == 4)
		return 0;
	if (strcmp(words[4], "dev") != 0)
		return refuse(p,
			      "found \"%s\" behind the port, nothing or dev INTERFACE would be "
			      "right",
			      SHOW(words[4]));
	return read_ifname(p, words[5], ret->ifname);
}

static bool same_rule(const struct config_rule *a, const struct config_rule *b)
{
	return a->kind == b->kind && a->proto == b->proto && a->port == b->port &&
	       a->remote.len == b->remote.len && ip_equal(&a->remote.addr, &b->remote.addr) &&
	       strcmp(a->ifname, b->ifname) == 0;
}

int read_rule(struct parser *p, char *value)
{
	struct config *c = p->c;
	struct config_rule rule = {.line = p->line};
	char *words[7]; /* one more than a rule has */
	unsigned n = 0;

	if (c->n_rules == WGF_MAX_RULES)
		return refuse(p, "found rule %d, at most %d would be right", WGF_MAX_RULES + 1,
			      WGF_MAX_RULES);
	while (n < 7 && (words[n] = word_next(&value)))
		n++;
	if (read_words(p, words, n, &rule))
		return -1;
	for (unsigned i = 0; i < c->n_rules; i++)
		if (same_rule(&c->rules[i], &rule))
			return refuse(p, "found the rule of line %u again, once would be right",
				      c->rules[i].line);
	c->rules[c->n_rules++] = rule;
	return 0;
}
