// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's own packet filter: what of it acts on members' packets where no program of the fence
 * sees it, or keeps from them what comes by the tunnel.
 *
 * Owns: which rules concern members. The fence judges a packet once, in ip_finish_output(), behind
 * all chains of IP and before those of a device. So a chain of IP that changes a packet or sends it
 * elsewhere is no finding, as that is judged; one that copies it is, wherever the packet goes.
 */
#include <linux/netfilter.h>
#include <string.h>

#include "../bpf/match.h"
#include "check_parts.h"
#include "connected.h"
#include "nft_reach.h"
#include "route_ask.h"
#include "route_meet.h"

struct look {
	struct check *c;
	const struct wgf_policy *p;
	const char *tunnel;
	u32 ifindex;
	struct nft nft;
	struct rtnl nl; /* for routes */
	unsigned told;
	struct err e;
};

static const char *family_name(u8 family)
{
	switch (family) {
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	case NFPROTO_NETDEV:
		return "netdev";
	}
	return "bridge";
}

static void mend_by_deleting(struct look *l, const struct nft_act *a)
{
	const struct nft_chain *c = &l->nft.chains[a->chain];
	char table[SHELL_WORD], chain[SHELL_WORD];

	finding_mend(&l->c->report, "nft delete rule %s %s %s handle %llu", family_name(c->family),
		     shell_word(c->table, table), shell_word(c->name, chain), a->handle);
}

/* "table nat, chain X of ip" */
static const char *place(const struct look *l, const struct nft_act *a, char ret[600])
{
	const struct nft_chain *c = &l->nft.chains[a->chain];

	snprintf(ret, 600, "rule %llu of chain %s in table %s %s", a->handle, c->name,
		 family_name(c->family), c->table);
	return ret;
}

/* An ifb only queues what it is given, and gives it back. */
static bool is_harmless(const struct look *l, const struct link *device)
{
	return device && (wgf_is_tunnel(l->p, device->ifindex) || device->ifindex == l->p->lo ||
			  strcmp(device->kind, "ifb") == 0);
}

/*
 * Where a copy goes: by the device that is named, else as its address is routed. What the fence has
 * judged may come back to this host; what it was not asked about may not.
 */
static bool stays_inside(struct look *l, const struct nft_act *a, bool judged)
{
	struct route_answer answer;
	const struct link *device;

	if (a->device || *a->device_name) {
		device = a->device ? inventory_link(&l->c->inv, a->device)
				   : inventory_link_by_name(&l->c->inv, a->device_name);
		return is_harmless(l, device) && (judged || device->ifindex != l->p->lo);
	}
	if (!a->has_to ||
	    route_ask(&l->nl, &(struct route_question){.ipv4 = wgf_is_v4(&a->to), .to = a->to},
		      &answer, &l->e))
		return false;
	if (answer.end == ROUTE_OUT)
		return wgf_is_tunnel(l->p, answer.ifindex);
	return judged || answer.end == ROUTE_REFUSED;
}

/*
 * The interface by which what the rule acts on leaves, the tunnel before others; NULL where it acts
 * on nothing of members. At a device's own chain only what the fence let out by it comes along.
 */
static const char *way_to(const struct look *l, const struct nft_act *a, bool judged)
{
	const struct inventory *inv = &l->c->inv;

	if (nft_reaches(&l->nft, a, NFT_WAY_OUT, l->ifindex, l->tunnel))
		return l->tunnel;
	for (unsigned i = 0; !judged && i < inv->n_links; i++)
		if (nft_reaches(&l->nft, a, NFT_WAY_OUT, inv->links[i].ifindex, inv->links[i].name))
			return inv->links[i].name;
	return NULL;
}

/* A copy that a chain of IP makes is nobody's: nf_dup_ipv4() leaves the socket behind. */
static const char *why_leaving(const struct look *l, bool judged)
{
	if (!judged)
		return "The copy is made before the fence judges the packet, of a dropped one, "
		       "too, and belongs to no socket: nothing judges it, and it goes there in "
		       "clear.";
	if (l->c->guarded)
		return "The fence has judged the packet for the tunnel. What leaves by another "
		       "interface with the tunnel's address is stopped there by the guard alone.";
	return "The fence has judged the packet for the tunnel, and then it, or a copy, leaves by "
	       "another interface, in clear.";
}

/*
 * The guard knows a packet with the tunnel's address; what was never judged has any. A narrow rule
 * may be one for others' packets alone.
 */
static enum severity how_bad(const struct look *l, const struct nft_act *a, bool judged)
{
	return (judged ? l->c->guarded : a->narrow) ? FINDING_WARNING : FINDING_BROKEN;
}

static void judge_leaving(struct look *l, const struct nft_act *a)
{
	bool copies = a->kind == NFT_COPIES;
	bool judged = l->nft.chains[a->chain].family == NFPROTO_NETDEV;
	const char *by = way_to(l, a, judged);
	char where[600];

	if (!by || stays_inside(l, a, judged))
		return;
	l->told++;
	finding_add(&l->c->report, how_bad(l, a, judged),
		    copies ? "filter.copies" : "filter.forwards", why_leaving(l, judged),
		    "%s %s what leaves by %s", place(l, a, where),
		    copies ? (a->narrow ? "copies some of" : "copies")
			   : (a->narrow ? "sends elsewhere some of" : "sends elsewhere"),
		    by);
	mend_by_deleting(l, a);
}

/* Docker's and others' ports lead to containers, which is nothing of ours. */
static bool is_own_address(const struct look *l, const union wgf_ip *ip)
{
	if (wgf_is_v4(ip) && ip->b[12] == 127)
		return true;
	for (unsigned i = 0; i < l->c->inv.n_addrs; i++)
		if (ip_equal(&l->c->inv.addrs[i].local, ip))
			return true;
	return false;
}

/*
 * The answer has its port translated back before egress is asked (POSTROUTING comes first), so it
 * is no WebUI's there.
 */
static void judge_translation(struct look *l, const struct nft_act *a)
{
	char where[600];

	if (!l->p->webui_port || a->port != l->p->webui_port ||
	    (a->has_to && !is_own_address(l, &a->to)) ||
	    !nft_reaches(&l->nft, a, NFT_WAY_ANY_IN, l->ifindex, l->tunnel))
		return;
	l->told++;
	finding_add(&l->c->report, FINDING_NOTICE, "filter.webui",
		    "Asked there it does not answer: its answers leave from another port than the "
		    "WebUI's, and are dropped.",
		    "%s leads another port to the WebUI's, %u", place(l, a, where),
		    l->p->webui_port);
	mend_by_deleting(l, a);
}

static bool leads_back(struct look *l, bool ipv4)
{
	for (u32 i = 0; i < l->p->n_sources; i++) {
		const union wgf_ip *own = &l->p->sources[i].addr;
		struct route_answer a;

		if (wgf_is_v4(own) != ipv4 || is_link_local(own))
			continue;
		return route_ask(&l->nl,
				 &(struct route_question){.ipv4 = ipv4,
							  .to = far_away[ipv4][0],
							  .from = *own,
							  .has_from = true},
				 &a, &l->e) == 0 &&
		       a.end == ROUTE_OUT && wgf_is_tunnel(l->p, a.ifindex);
	}
	return true;
}

static void judge_looking_back(struct look *l, const struct nft_act *a)
{
	const struct nft_chain *c = &l->nft.chains[a->chain], *base;
	char where[600], table[SHELL_WORD], chain[SHELL_WORD], word[SHELL_WORD];

	if ((c->family == NFPROTO_IPV6 || leads_back(l, true)) &&
	    (c->family == NFPROTO_IPV4 || leads_back(l, false)))
		return;
	base = nft_reaches(&l->nft, a, NFT_WAY_IN, l->ifindex, l->tunnel);
	if (!base || nft_passes(&l->nft, a, l->ifindex, l->tunnel))
		return;
	l->told++;
	finding_add(&l->c->report, FINDING_WARNING, "filter.reverse_path",
		    "An answer that comes by the tunnel is dropped where no route leads back into "
		    "it, and members reach nobody.",
		    "%s asks for a route back, and there is none by %s", place(l, a, where),
		    l->tunnel);
	/* In an input chain that would let in all that the host's own firewall holds back. */
	if (base->hook == NF_INET_LOCAL_IN)
		return;
	finding_mend(&l->c->report, "nft insert rule %s %s %s iifname %s accept",
		     family_name(c->family), shell_word(c->table, table),
		     shell_word(c->name, chain), shell_word(l->tunnel, word));
}

static void judge(struct look *l, const struct nft_act *a)
{
	switch (a->kind) {
	case NFT_COPIES:
	case NFT_FORWARDS:
		judge_leaving(l, a);
		break;
	case NFT_TRANSLATES:
		judge_translation(l, a);
		break;
	case NFT_LOOKS_BACK:
		judge_looking_back(l, a);
		break;
	case NFT_JUMPS:
	case NFT_PASSES:
		break;
	}
}

static void look_at_rules(struct look *l)
{
	struct rtnl nl;

	if (rtnl_open_netfilter(&nl, &l->e)) {
		finding_unseen(&l->c->report, "filter.rules", &l->e);
		return;
	}
	if (nft_read(&nl, &l->nft, &l->e)) {
		finding_unseen(&l->c->report, "filter.rules", &l->e);
	} else {
		for (unsigned i = 0; i < l->nft.n_acts; i++)
			judge(l, &l->nft.acts[i]);
		if (!l->told)
			finding_add(
				&l->c->report, FINDING_FINE, "filter.rules", NULL,
				"none of the rules in %u chains of nf_tables takes what members "
				"send elsewhere",
				l->nft.n_chains);
		nft_free(&l->nft);
	}
	rtnl_close(&nl);
}

void check_filter(struct check *c)
{
	struct look l = {.c = c, .p = check_policy(c)};

	if (!l.p || !l.p->names[0][0])
		return;
	l.tunnel = l.p->names[0];
	l.ifindex = l.p->tunnels[0];
	if (rtnl_open(&l.nl, &l.e)) {
		finding_unseen(&c->report, "filter.rules", &l.e);
		return;
	}
	look_at_rules(&l);
	rtnl_close(&l.nl);
	check_filter_legacy(c);
}
