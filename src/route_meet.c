// SPDX-License-Identifier: GPL-2.0-only
#include "route_meet.h"

#include <linux/fib_rules.h>
#include <netinet/in.h>
#include <string.h>

#include "special.h"

/* In both halves, which some VPNs have a route for each. */
const union wgf_ip far_away[2][2] = {
	{{.b = {0x26, 0x00, [15] = 1}}, {.b = {0x2a, 0x00, [15] = 1}}},
	{{.b = {[10] = 0xff, 0xff, 45, 45, 45, 45}},
	 {.b = {[10] = 0xff, 0xff, 145, 145, 145, 145}}},
};

static bool covers(const struct prefix *p, const union wgf_ip *ip)
{
	return !p->len || prefix_covers(p, ip);
}

static bool has_ports(const struct other_rule *o)
{
	return o->r.from_port || o->r.to_port;
}

/*
 * What this host sends has lo as its iif; oif is set where a socket is bound to a device, which
 * would be another than the tunnel.
 */
static bool selects(const struct other_rule *o, const struct route_question *q)
{
	return o->r.ipv4 == q->ipv4 && !*o->out && (!*o->in || strcmp(o->in, "lo") == 0) &&
	       !((q->mark ^ o->r.mark) & o->r.mask) && covers(&o->r.from, &q->from) &&
	       (!o->has_uid || (q->uid >= o->uid_first && q->uid <= o->uid_last)) &&
	       (!o->r.proto || o->r.proto == IPPROTO_TCP || o->r.proto == IPPROTO_UDP);
}

/* Members are after the internet: what a rule has for the LAN takes nothing from them. */
static bool aim(const struct prefix *to, struct route_question *q)
{
	for (int i = 0; i < 2; i++)
		if (covers(to, &far_away[q->ipv4][i])) {
			q->to = far_away[q->ipv4][i];
			return true;
		}
	q->to = to->addr;
	if (to->len < 128)
		q->to.b[15] |= 1;
	return is_public(&q->to);
}

bool route_meet(const struct other_rule *o, const struct route_question *by,
		struct route_question *ret)
{
	*ret = *by;
	if (o->odd || o->action == FR_ACT_NOP)
		return false;
	if (o->inverted)
		return o->r.ipv4 == by->ipv4 && (!selects(o, by) || !covers(&o->r.to, &by->to) ||
						 o->r.proto || has_ports(o));
	if (!selects(o, by) || !aim(&o->r.to, ret))
		return false;
	ret->has_from |= o->r.from.len != 0;
	ret->from_port = o->r.from_port;
	ret->to_port = o->r.to_port;
	ret->proto = o->r.proto ? o->r.proto : has_ports(o) ? IPPROTO_TCP : 0;
	return true;
}

/* A table of that number may have been reached by another rule: then that one is told, too. */
bool route_did(const struct other_rule *o, const struct route_answer *a)
{
	if (o->action == FR_ACT_TO_TBL)
		return a->table == o->r.target;
	return o->action == FR_ACT_GOTO ? a->end == ROUTE_OUT : a->end == ROUTE_REFUSED;
}
