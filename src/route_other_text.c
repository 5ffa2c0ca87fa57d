// SPDX-License-Identifier: GPL-2.0-only
/* The words of ip(8) for a rule or a route. */
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>

#include "finding.h"
#include "route_other.h"

struct text {
	char *at;
	size_t n;
};

static void put(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (t->n < OTHER_TEXT)
		t->n += (size_t)vsnprintf(t->at + t->n, OTHER_TEXT - t->n, format, args);
	va_end(args);
}

static void put_prefix(struct text *t, const char *word, const struct prefix *p)
{
	char text[IP_TEXT];

	if (p->len)
		put(t, "%s %s ", word, prefix_print(p, text));
}

static void put_ports(struct text *t, const char *word, u16 first, u16 last)
{
	if (first && last > first)
		put(t, "%s %u-%u ", word, first, last);
	else if (first)
		put(t, "%s %u ", word, first);
}

static void put_interface(struct text *t, const char *word, const char *ifname)
{
	char quoted[SHELL_WORD];

	if (*ifname)
		put(t, "%s %s ", word, shell_word(ifname, quoted));
}

static void put_action(struct text *t, const struct other_rule *o)
{
	switch (o->action) {
	case FR_ACT_GOTO:
		put(t, "goto %u", o->r.target);
		break;
	case FR_ACT_NOP:
		put(t, "nop");
		break;
	case FR_ACT_BLACKHOLE:
		put(t, "blackhole");
		break;
	case FR_ACT_UNREACHABLE:
		put(t, "unreachable");
		break;
	case FR_ACT_PROHIBIT:
		put(t, "prohibit");
		break;
	default:
		put(t, "lookup %u", o->r.target);
		if (o->suppresses)
			put(t, " suppress_prefixlength %u", o->suppress);
	}
}

const char *other_rule_text(const struct other_rule *o, char ret[OTHER_TEXT])
{
	struct text t = {ret, 0};

	*ret = '\0';
	if (o->inverted)
		put(&t, "not ");
	put_prefix(&t, "from", &o->r.from);
	put_prefix(&t, "to", &o->r.to);
	if (o->r.mask)
		put(&t, "fwmark 0x%x/0x%x ", o->r.mark, o->r.mask);
	put_interface(&t, "iif", o->in);
	put_interface(&t, "oif", o->out);
	if (o->has_uid)
		put(&t, "uidrange %u-%u ", o->uid_first, o->uid_last);
	if (o->r.proto)
		put(&t, "ipproto %u ", o->r.proto);
	put_ports(&t, "sport", o->r.from_port, o->from_port_last);
	put_ports(&t, "dport", o->r.to_port, o->to_port_last);
	put_action(&t, o);
	return ret;
}

const char *other_route_text(const struct other_route *o, char ret[OTHER_TEXT])
{
	static const char *const types[] = {[RTN_UNREACHABLE] = "unreachable ",
					    [RTN_PROHIBIT] = "prohibit ",
					    [RTN_BLACKHOLE] = "blackhole ",
					    [RTN_THROW] = "throw "};
	const char *type = o->type <= RTN_THROW && types[o->type] ? types[o->type] : "";
	struct prefix to = o->to;
	char text[IP_TEXT];

	if (to.len == (o->ipv4 ? 96 : 0))
		snprintf(ret, OTHER_TEXT, "%sdefault", type);
	else
		snprintf(ret, OTHER_TEXT, "%s%s", type, prefix_print(&to, text));
	return ret;
}
