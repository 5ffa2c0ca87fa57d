// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel.h"

#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "probe.h"
#include "wg.h"

#define AGE_SECONDS    180  /* REJECT_AFTER_TIME of WireGuard */
#define ASK_EVERY_MSEC 5000 /* REKEY_TIMEOUT of WireGuard: it does not try more often either */

struct scene {
	const struct wgf_policy *policy;
	struct inventory inv;
	const struct link *link;
	const struct addr *own;
	union wgf_ip to;
	struct wg wg;
};

static int lacks(struct tunnel_look *l, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Not yet: nothing that failed. */
static int lacks(struct tunnel_look *l, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(l->lacks, sizeof(l->lacks), format, args);
	va_end(args);
	return 0;
}

static bool admits(const struct wgf_policy *p, const struct addr *a)
{
	for (unsigned i = 0; i < p->n_sources && i < WGF_MAX_SOURCES; i++)
		if (p->sources[i].ifindex == a->ifindex && ip_equal(&p->sources[i].addr, &a->local))
			return true;
	return false;
}

/* Members send from it: the first address that the policy has, IPv4 before IPv6. */
static const struct addr *own_address(const struct scene *s)
{
	const struct addr *found = NULL;

	for (unsigned i = 0; i < s->inv.n_addrs; i++) {
		const struct addr *a = &s->inv.addrs[i];

		if (a->ifindex == s->link->ifindex && admits(s->policy, a) &&
		    (!found || (wgf_is_v4(&a->local) && !wgf_is_v4(&found->local))))
			found = a;
	}
	return found;
}

/* Asks for a handshake where none is young enough. */
static int shake_hands(struct scene *s, u64 now_msec, struct tunnel_look *ret)
{
	char text[IP_TEXT];
	struct err e;

	if (s->wg.handshake && s->wg.handshake + AGE_SECONDS > (u64)time(NULL)) {
		snprintf(ret->what, sizeof(ret->what), "%s: WireGuard, its peer answers",
			 s->link->name);
		ret->ready = true;
		return 0;
	}
	lacks(ret,
	      "no handshake of %s in the last %d seconds, asked for by a packet to %s: does "
	      "its peer answer? wg show %s",
	      s->link->name, AGE_SECONDS, ip_print(&s->to, text), s->link->name);
	if (ret->asked_msec && now_msec - ret->asked_msec < ASK_EVERY_MSEC)
		return 0;
	ret->asked_msec = now_msec;
	return probe_send(s->link, s->own, &s->to, &e) ? lacks(ret, "%.500s", e.text) : 0;
}

/* With the address: whose peers, and where to. */
static int look_beyond(struct scene *s, u64 now_msec, struct tunnel_look *ret, struct err *e)
{
	int is_wg = wg_read(s->link, &s->wg, e), leads;
	char text[IP_TEXT];

	if (is_wg < 0)
		return -1;
	if (is_wg && s->wg.n_allowed == 0)
		return lacks(ret, "%s has no peer with AllowedIPs", s->link->name);
	if (!probe_address(s->own, s->wg.allowed, s->wg.n_allowed, &s->to))
		return lacks(ret, "%s: no address that a peer's AllowedIPs cover can be asked",
			     s->link->name);
	leads = probe_route(&s->to, s->link->ifindex, s->policy->mark, e);
	if (leads < 0)
		return -1;
	if (!leads)
		return lacks(ret, "no route to %s leads by %s", ip_print(&s->to, text),
			     s->link->name);
	if (is_wg)
		return shake_hands(s, now_msec, ret);
	snprintf(ret->what, sizeof(ret->what), "%s: up, with address and route; no WireGuard",
		 s->link->name);
	ret->ready = true;
	return 0;
}

static int look(struct scene *s, u64 now_msec, struct tunnel_look *ret, struct err *e)
{
	const char *name = s->policy->names[0];

	s->link = inventory_link_by_name(&s->inv, name);
	if (!s->link)
		return lacks(ret, "there is no interface %s", name);
	if (!(s->link->flags & IFF_UP))
		return lacks(ret, "%s is down", name);
	if (!inventory_tunnel_up(&s->inv, name))
		return lacks(ret, "%s has no address", name);
	s->own = own_address(s);
	if (!s->own)
		return lacks(ret,
			     "no address of %s is in the policy in force, as if no daemon followed",
			     name);
	return look_beyond(s, now_msec, ret, e);
}

int tunnel_look(const struct wgf_policy *policy, u64 now_msec, struct tunnel_look *ret,
		struct err *e)
{
	static struct scene s; /* too large for comfort on the stack */
	int r;

	memset(&s, 0, sizeof(s));
	s.policy = policy;
	ret->ready = false;
	if (inventory_read(&s.inv, e))
		return -1;
	r = look(&s, now_msec, ret, e);
	inventory_free(&s.inv);
	return r;
}
