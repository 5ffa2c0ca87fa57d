// SPDX-License-Identifier: GPL-2.0-only
/*
 * route = on|off, and the numbers of [route].
 *
 * Owns: what they may be. Must never take a mark that others on a host use.
 */
#include <stdlib.h>
#include <string.h>

#include "config_parser.h"
#include "decimal.h"

/* Tailscale's, wg-quick's (51820) and Kubernetes'. */
#define MARKS_OF_OTHERS (0x00ff0000u | 0xca6cu | 0xc000u)

int read_route(struct parser *p, char *value)
{
	return read_switch(p, value, &p->c->route.off);
}

/* Those below are the kernel's, or have names; of these the kernel does not tell which one changed.
 */
int read_route_table(struct parser *p, char *value)
{
	unsigned table;

	if (!decimal_parse(value, 0xffffffff, &table) || table < 256)
		return refuse(p, "found \"%s\", a number from 256 to 4294967295 would be right",
			      SHOW(value));
	p->c->route.table = table;
	return 0;
}

/* Four rules, and behind them there must be room for the kernel's own. */
int read_route_priority(struct parser *p, char *value)
{
	unsigned priority;

	if (!decimal_parse(value, 32000, &priority) || !priority)
		return refuse(p, "found \"%s\", a number from 1 to 32000 would be right",
			      SHOW(value));
	p->c->route.priority = priority;
	return 0;
}

static bool read_hex(const char *text, u32 *ret)
{
	size_t len = strlen(text);

	if (len < 3 || len > 10 || strncmp(text, "0x", 2) != 0 ||
	    strspn(text + 2, "0123456789abcdefABCDEF") != len - 2)
		return false;
	*ret = (u32)strtoul(text, NULL, 16);
	return true;
}

int read_route_mark(struct parser *p, char *value)
{
	char *slash = strchr(value, '/');
	u32 mark, mask;
	bool right;

	if (slash)
		*slash = '\0';
	right = slash && read_hex(value, &mark) && read_hex(slash + 1, &mask);
	if (slash)
		*slash = '/';
	if (!right || !mark || mark & ~mask)
		return refuse(p,
			      "found \"%s\", MARK/MASK in hexadecimal such as "
			      "0x1000000/0x7f000000 would be right, MARK within MASK and not 0",
			      SHOW(value));
	if (mask & MARKS_OF_OTHERS)
		return refuse(p,
			      "found \"%s\", a mask without bits of 0x%08x would be right: they "
			      "are Tailscale's, wg-quick's or Kubernetes'",
			      SHOW(value), MARKS_OF_OTHERS);
	p->c->route.mark = mark;
	p->c->route.mask = mask;
	return 0;
}
