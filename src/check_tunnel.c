// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tunnel itself: is it there, does it stand for the whole internet, may what comes by it come
 * in, and what becomes of IPv6?
 */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "check_parts.h"
#include "check_tunnel.h"
#include "connected.h"
#include "file.h"
#include "init_net.h"
#include "route_ask.h"
#include "route_meet.h"
#include "special.h"
#include "wg.h"

struct look {
	struct check *c;
	const struct link *tunnel;
	const struct wgf_policy *p;
	struct rtnl nl;
	struct err e;
};

bool tunnel_covers(const struct prefix *allowed, unsigned n, bool ipv4)
{
	static struct prefix all[WG_MAX_ALLOWED + N_SPECIAL]; /* too large for the stack */

	memcpy(all, allowed, n * sizeof(*all));
	memcpy(all + n, special, sizeof(special));
	return net_covers_all(all, n + N_SPECIAL, ipv4);
}

/* The first of the tunnel's own addresses, but for link-local ones. */
static const union wgf_ip *address(const struct look *l, bool ipv4)
{
	for (u32 i = 0; i < l->p->n_sources; i++) {
		const union wgf_ip *a = &l->p->sources[i].addr;

		if (l->p->sources[i].ifindex == l->tunnel->ifindex && wgf_is_v4(a) == ipv4 &&
		    !is_link_local(a))
			return a;
	}
	return NULL;
}

static void judge_allowed(struct look *l, const struct wg *wg, bool ipv4)
{
	const char *name = l->tunnel->name;
	char word[SHELL_WORD];

	if (!address(l, ipv4))
		return;
	if (tunnel_covers(wg->allowed, wg->n_allowed, ipv4)) {
		finding_add(&l->c->report, FINDING_FINE, "tunnel.allowed", NULL,
			    "AllowedIPs of %s stand for the internet by IPv%d", name, ipv4 ? 4 : 6);
		return;
	}
	if (wg->more) {
		err_set(&l->e, EXIT_FAILED, "%s has more AllowedIPs than are read", name);
		finding_unseen(&l->c->report, "tunnel.allowed", &l->e);
		return;
	}
	finding_add(&l->c->report, FINDING_WARNING, "tunnel.allowed",
		    "WireGuard refuses to send what no peer stands for, so members do not reach "
		    "it, by the tunnel or past it.",
		    "AllowedIPs of %s leave out a part of the internet by IPv%d", name,
		    ipv4 ? 4 : 6);
	shell_word(name, word);
	finding_mend(&l->c->report,
		     "[ \"$(wg show %s peers | wc -l)\" -eq 1 ] && wg set %s peer \"$(wg show %s "
		     "peers)\" allowed-ips 0.0.0.0/0,::/0",
		     word, word, word);
}

static void judge_wireguard(struct look *l)
{
	static struct wg wg; /* too large for the stack */
	int is_wg = wg_read(l->tunnel, &wg, &l->e);

	if (is_wg < 0)
		finding_unseen(&l->c->report, "tunnel.wireguard", &l->e);
	else if (is_wg == 0)
		finding_add(&l->c->report, FINDING_NOTICE, "tunnel.wireguard",
			    "The fence keeps members on this interface; whether it encrypts, and "
			    "where it leads, nobody asks.",
			    "%s is no WireGuard that can be asked", l->tunnel->name);
	else
		for (int ipv4 = 1; ipv4 >= 0; ipv4--)
			judge_allowed(l, &wg, ipv4);
}

/* IN_DEV_RPFILTER(): the greater of both counts. */
static int strictness(const char *ifname)
{
	static const char format[] = "/proc/sys/net/ipv4/conf/%s/rp_filter";
	char path[sizeof(format) + WGF_IFNAME], *text;
	const char *names[] = {"all", ifname};
	int most = 0;

	for (int i = 0; i < 2; i++) {
		struct err ignored;

		snprintf(path, sizeof(path), format, names[i]);
		text = file_text(path, &ignored);
		if (text && atoi(text) > most)
			most = atoi(text);
		free(text);
	}
	return most;
}

/*
 * As if a stranger's packet came in by the tunnel: the kernel says EXDEV where its filter drops
 * that, and EINVAL since 6.14.
 */
static void judge_reverse_path(struct look *l)
{
	const union wgf_ip *own = address(l, true);
	struct report *f = &l->c->report;
	int strict = strictness(l->tunnel->name);
	struct route_answer a;
	char word[SHELL_WORD];

	if (!own || !strict)
		return;
	if (route_ask(&l->nl,
		      &(struct route_question){.ipv4 = true,
					       .to = *own,
					       .from = far_away[1][0],
					       .has_from = true,
					       .in = l->tunnel->ifindex},
		      &a, &l->e)) {
		finding_unseen(f, "tunnel.reverse_path", &l->e);
		return;
	}
	if (a.end == ROUTE_HERE || (a.error != EXDEV && a.error != EINVAL)) {
		finding_add(f, FINDING_FINE, "tunnel.reverse_path", NULL,
			    "the kernel's reverse-path filter (%d) lets pass what comes by %s",
			    strict, l->tunnel->name);
		return;
	}
	finding_add(f, FINDING_WARNING, "tunnel.reverse_path",
		    "An answer that comes by the tunnel is dropped where no route leads back into "
		    "it, and members reach nobody.",
		    "the kernel's reverse-path filter (%d) drops what comes by %s", strict,
		    l->tunnel->name);
	shell_word(l->tunnel->name, word);
	if (strict == 1)
		finding_mend(f, "echo 2 >/proc/sys/net/ipv4/conf/%s/rp_filter", word);
	else
		finding_mend(f,
			     "echo 0 | tee /proc/sys/net/ipv4/conf/all/rp_filter "
			     "/proc/sys/net/ipv4/conf/%s/rp_filter",
			     word);
}

/* Does the host reach the internet by IPv6, past the tunnel? */
static void judge_ipv6(struct look *l)
{
	const struct route_question q = {.to = far_away[0][0]};
	struct route_answer a;

	if (address(l, false) || route_ask(&l->nl, &q, &a, &l->e) || a.end != ROUTE_OUT)
		return;
	finding_add(&l->c->report, FINDING_NOTICE, "tunnel.ipv6",
		    l->p->mark_mask
			    ? "What a member tries by IPv6 is refused at once, and it takes "
			      "IPv4: nothing leaves."
			    : "What a member tries by IPv6 is dropped in silence, and it "
			      "waits before it takes IPv4; with route = on in [route] it "
			      "would be refused at once.",
		    "%s has no IPv6 address, and the host reaches the internet by IPv6",
		    l->tunnel->name);
}

void check_tunnel(struct check *c)
{
	struct look l = {.c = c, .p = check_policy(c)};
	const char *name = l.p ? l.p->names[0] : "";

	if (!*name)
		return;
	if (!inventory_tunnel_up(&c->inv, name)) {
		finding_add(&c->report, FINDING_NOTICE, "tunnel.up",
			    "Until it is, nothing of a member leaves.",
			    "the tunnel %s is not up, or has no address", name);
		return;
	}
	l.tunnel = inventory_link_by_name(&c->inv, name);
	judge_wireguard(&l);
	if (rtnl_open(&l.nl, &l.e)) {
		finding_unseen(&c->report, "tunnel.reverse_path", &l.e);
		return;
	}
	judge_reverse_path(&l);
	judge_ipv6(&l);
	rtnl_close(&l.nl);
}
