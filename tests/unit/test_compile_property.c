// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds for every policy, whatever the configuration and the machine: random ones, made of a
 * few addresses and names so that they meet often. The seed is fixed; a failure names its round.
 */
#include "scene.h"
#include "sound.h"

#define ROUNDS 20000

static u64 seed = 0x9e3779b97f4a7c15;
static unsigned round_no;

static u32 below(u32 n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (u32)(seed >> 33) % n;
}

#define PICK(list) (list)[below(sizeof(list) / sizeof((list)[0]))]

#define HOLDS(condition)                                                \
	do {                                                            \
		if (!(condition))                                       \
			fail_msg("round %u: %s", round_no, #condition); \
	} while (0)

static struct prefix any_prefix(bool host_bits)
{
	static const char *const from[] = {
		"10.64.0.2",	     "10.64.0.9", "10.1.2.3",  "10.255.255.255", "192.168.1.5",
		"192.168.1.255",     "8.8.8.8",	  "127.0.0.1", "100.64.1.2",	 "172.16.0.1",
		"224.0.0.1",	     "fe80::1",	  "fe80::2",   "2001:db8::1",	 "fc00::2",
		"fd7a:115c:a1e0::9", "::1",	  "::",	       "::1:0:0:1",	 "ff02::1"};
	union wgf_ip mask, ip = scene_ip(PICK(from));
	struct prefix p = {ip, wgf_is_v4(&ip) ? 96 + (below(2) ? 24 : below(33))
					      : (below(2) ? 64 : below(129))};

	mask = ip_mask(p.len);
	if (!host_bits)
		p.addr = ip_and(&ip, &mask);
	return p;
}

static const char *any_name(void)
{
	static const char *const names[] = {"lo",	  "eth0", "eth1", "wg0",
					    "tailscale0", "br0",  "wg1",  "gone"};

	return PICK(names);
}

static void any_machine(struct scene *s)
{
	static const char *const kinds[] = {"", "", "bridge", "veth", "wireguard", "tun", "vlan"};
	static const u16 types[] = {ARPHRD_ETHER, ARPHRD_ETHER, ARPHRD_NONE};
	unsigned links = below(10), addrs = below(below(8) ? 12 : 200), onlinks = below(6);

	for (unsigned i = 0; i < links; i++) {
		struct link *l = &s->links[s->inv.n_links];
		const char *name = i == 0 && below(4) ? "wg0" : any_name();

		if (inventory_link_by_name(&s->inv, name))
			continue;
		l->ifindex = ++s->inv.n_links;
		l->flags = (below(8) ? IFF_UP : 0) | (below(6) ? 0 : IFF_POINTOPOINT);
		l->type = PICK(types);
		l->master = below(4) ? 0 : below(8);
		strcpy(l->name, name);
		strcpy(l->kind, PICK(kinds));
		if (strcmp(name, "lo") == 0)
			l->flags |= IFF_LOOPBACK;
	}
	/* An index may be of no link: between two dumps it went away. */
	for (unsigned i = 0; i < addrs; i++) {
		struct addr *a = &s->addrs[s->inv.n_addrs++];
		struct prefix p = any_prefix(true);
		union wgf_ip mask = ip_mask(p.len);

		if (addrs > 12 && wgf_is_v4(&p.addr))
			p.addr.w[3] = WGF_BE32(0x0a000000 + below(1 << 24));
		a->ifindex = 1 + below(8);
		a->local = p.addr;
		a->network = (struct prefix){ip_and(&p.addr, &mask), p.len};
		a->has_broadcast = wgf_is_v4(&p.addr) && below(2);
		a->broadcast = a->has_broadcast ? p.addr.w[3] | WGF_BE32(0xff) : 0;
	}
	for (unsigned i = 0; i < onlinks; i++) {
		struct prefix p = any_prefix(false);

		if (!wgf_is_v4(&p.addr))
			s->onlinks[s->inv.n_onlinks++] = (struct onlink){1 + below(8), p};
	}
}

static void any_config(struct scene *s)
{
	strcpy(s->c.tunnel, below(10) ? "wg0" : any_name());
	s->c.mode = (u8)below(2);
	s->c.webui = below(8) != 0;
	s->c.webui_port = s->c.webui ? 8080 : 0;
	s->c.n_networks = below(below(4) ? 6 : CONFIG_MAX_NETWORKS + 1);
	for (unsigned i = 0; i < s->c.n_networks; i++) {
		struct config_network *n = &s->c.networks[i];

		n->kind = below(NETWORK_ROUTED + 1);
		n->line = 1 + i;
		n->prefix = any_prefix(below(4) == 0);
		strcpy(n->ifname, any_name());
	}
	s->c.n_servers = below(3);
	for (unsigned i = 0; i < s->c.n_servers; i++)
		s->c.servers[i] = any_prefix(true).addr;
	s->c.n_rules = below(below(4) ? 6 : WGF_MAX_RULES + 1);
	for (unsigned i = 0; i < s->c.n_rules; i++) {
		struct config_rule *r = &s->c.rules[i];

		r->line = 100 + i;
		r->kind = below(2) ? WGF_CONNECT_RULE : WGF_SERVE_RULE;
		r->proto = below(2) ? WGF_TCP : WGF_UDP;
		r->port = (u16)(1 + below(65535));
		r->remote = any_prefix(below(4) == 0);
		if (below(2))
			strcpy(r->ifname, any_name());
	}
}

static bool is_zero(const void *what, size_t size)
{
	const char *c = what;

	while (size > 0 && c[size - 1] == 0)
		size--;
	return size == 0;
}

#define EMPTY_FROM(array, n)                                      \
	is_zero((const char *)(array) + (n) * sizeof((array)[0]), \
		sizeof(array) - (n) * sizeof((array)[0]))

/* The verdict looks at entries behind the last one (eight at a time): they must match nothing. */
static void check_counts(const struct wgf_policy *p)
{
	HOLDS(p->n_tunnels <= 1 && p->n_sources <= WGF_MAX_SOURCES);
	HOLDS(p->n_networks <= WGF_MAX_NETWORKS && p->n_rules <= WGF_MAX_RULES);
	HOLDS(p->n_broadcasts <= WGF_MAX_BROADCASTS);
	HOLDS(EMPTY_FROM(p->tunnels, 1));
	HOLDS(EMPTY_FROM(p->sources, p->n_sources));
	HOLDS(EMPTY_FROM(p->networks, p->n_networks));
	HOLDS(EMPTY_FROM(p->rules, p->n_rules));
	HOLDS(EMPTY_FROM(p->broadcasts, p->n_broadcasts));
	HOLDS(EMPTY_FROM(p->names, 1));
}

static void check_tunnel(const struct scene *s)
{
	const struct link *l = inventory_link_by_name(&s->inv, s->c.tunnel);
	const struct wgf_policy *p = &s->p;

	HOLDS(strcmp(p->names[0], s->c.tunnel) == 0);
	HOLDS(p->tunnels[0] == (l && !(l->flags & IFF_LOOPBACK) ? l->ifindex : 0));
	if (!inventory_tunnel_up(&s->inv, s->c.tunnel) || l->flags & IFF_LOOPBACK) {
		HOLDS(p->n_tunnels == 0 && p->n_sources == 0);
		return;
	}
	HOLDS(p->n_tunnels == 1 && p->n_sources > 0);
	for (u32 i = 0; i < p->n_sources; i++) {
		unsigned own = 0;

		for (unsigned k = 0; k < s->inv.n_addrs; k++)
			own += s->addrs[k].ifindex == l->ifindex &&
			       ip_equal(&s->addrs[k].local, &p->sources[i].addr);
		HOLDS(own > 0 && p->sources[i].ifindex == l->ifindex);
	}
}

/* fe80::/10 in words of its own, so that the code under test is not asked about itself. */
static bool link_local(const union wgf_ip *ip)
{
	const struct prefix p = scene_prefix("fe80::/10");

	return prefix_covers(&p, ip);
}

static bool carried(const struct scene *s, const struct link *l, const union wgf_ip *ip)
{
	const struct prefix tailnet4 = scene_prefix("100.64.0.0/10"),
			    tailnet6 = scene_prefix("fd7a:115c:a1e0::/48");
	unsigned min = wgf_is_v4(ip) ? 96 + 8 : 32;

	if (strcmp(l->name, "tailscale0") == 0)
		return prefix_covers(&tailnet4, ip) || prefix_covers(&tailnet6, ip);
	for (unsigned i = 0; i < s->inv.n_addrs; i++) {
		const struct addr *a = &s->addrs[i];

		if (a->ifindex == l->ifindex &&
		    ((a->network.len >= min && prefix_covers(&a->network, ip)) ||
		     (link_local(&a->local) && link_local(ip))))
			return true;
	}
	for (unsigned i = 0; i < s->inv.n_onlinks; i++) {
		const struct onlink *o = &s->onlinks[i];

		if (o->ifindex == l->ifindex && o->network.len >= min &&
		    prefix_covers(&o->network, ip))
			return true;
	}
	return false;
}

static bool is_private(const union wgf_ip *ip)
{
	const struct prefix ten = scene_prefix("10.0.0.0/8"),
			    twelve = scene_prefix("172.16.0.0/12"),
			    sixteen = scene_prefix("192.168.0.0/16");

	return prefix_covers(&ten, ip) || prefix_covers(&twelve, ip) || prefix_covers(&sixteen, ip);
}

/* Does this word of the configuration admit the address on that link? */
static bool means(const struct scene *s, const struct config_network *n, const struct link *l,
		  const union wgf_ip *ip)
{
	switch (n->kind) {
	case NETWORK_LOCALHOST:
		return l->flags & IFF_LOOPBACK;
	case NETWORK_LAN:
		return l->type == ARPHRD_ETHER && !(l->flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) &&
		       carried(s, l, ip) && (!wgf_is_v4(ip) || is_private(ip));
	case NETWORK_INTERFACE:
		return strcmp(n->ifname, l->name) == 0 && carried(s, l, ip);
	case NETWORK_PREFIX:
		return prefix_covers(&n->prefix, ip) && carried(s, l, ip);
	case NETWORK_ROUTED:
		return prefix_covers(&n->prefix, ip) && strcmp(n->ifname, l->name) == 0;
	}
	return false;
}

static void check_justified(const struct scene *s, const struct wgf_network *n)
{
	const struct link *l = inventory_link(&s->inv, n->ifindex);

	for (unsigned try = 0; try < 4; try++) {
		union wgf_ip ip = n->addr;
		unsigned reasons = 0;

		for (unsigned b = 0; b < 16; b++) /* the first, the last, and two between */
			ip.b[b] |= (u8)~n->mask.b[b] & (try < 2 ? -(int)try : (int)below(256));
		for (unsigned i = 0; i < s->c.n_networks; i++)
			reasons += means(s, &s->c.networks[i], l, &ip);
		HOLDS(reasons > 0);
	}
}

static bool in_network(const struct wgf_network *n, const union wgf_ip *ip)
{
	union wgf_ip under = ip_and(ip, &n->mask);

	return ip_equal(&under, &n->addr);
}

static void check_network(const struct scene *s, const struct wgf_network *n)
{
	const struct link *l = inventory_link(&s->inv, n->ifindex);
	const union wgf_ip under = ip_and(&n->addr, &n->mask), v4 = scene_ip("0.0.0.0");

	HOLDS(n->ifindex && l && n->pad == 0);
	/* Not even while it is down. The loopback is never the tunnel, whatever it is called. */
	HOLDS(strcmp(l->name, s->c.tunnel) != 0 || l->flags & IFF_LOOPBACK);
	HOLDS(ip_equal(&under, &n->addr));
	check_justified(s, n);
	if (n->ifindex == s->p.lo && is_zero(&n->mask, sizeof(n->mask)))
		return; /* localhost */
	HOLDS(n->mask.b[0] != 0);
	HOLDS(!in_network(n, &v4));
	for (unsigned i = 0; i < s->inv.n_addrs; i++) {
		const struct link *on = inventory_link(&s->inv, s->addrs[i].ifindex);

		if (on && strcmp(on->name, s->c.tunnel) == 0 && !link_local(&s->addrs[i].local))
			HOLDS(!in_network(n, &s->addrs[i].local));
	}
	for (unsigned i = 0; i < s->c.n_servers; i++)
		HOLDS(!in_network(n, &s->c.servers[i]));
}

/* Each rule comes from its line, unless that names an interface that is not there. */
static void check_rules(const struct scene *s)
{
	for (u32 i = 0; i < s->p.n_rules; i++) {
		const struct wgf_rule *r = &s->p.rules[i];
		const struct config_rule *from = &s->c.rules[r->line - 100];
		union wgf_ip mask = ip_mask(from->remote.len),
			     under = ip_and(&from->remote.addr, &mask);

		HOLDS(i == 0 || r->line > s->p.rules[i - 1].line);
		HOLDS(ip_equal(&r->addr, &under) && ip_equal(&r->mask, &mask));
		HOLDS(r->port == from->port && r->proto == from->proto && r->kind == from->kind);
		HOLDS(r->ifmask == (from->ifname[0] ? ~0U : 0) && !r->ifindex == !r->ifmask);
		if (r->ifindex)
			HOLDS(strcmp(inventory_link(&s->inv, r->ifindex)->name, from->ifname) == 0);
	}
}

static void check_deterministic(struct scene *s)
{
	static struct wgf_policy again;
	static struct notes notes;

	memset(&again, 0x5a, sizeof(again));
	policy_compile(&s->c, &s->inv, 4711, 815, &again, &notes);
	HOLDS(memcmp(&again, &s->p, sizeof(again)) == 0);
	HOLDS(memcmp(&notes, &s->notes, sizeof(notes)) == 0);
}

static void test_properties(void **state)
{
	unsigned networks = 0, sources = 0, rules = 0, conflicts = 0, full = 0;

	(void)state;
	for (round_no = 0; round_no < ROUNDS; round_no++) {
		struct scene *s = scene_new("", NULL);

		any_machine(s);
		any_config(s);
		scene_compile(s);
		check_counts(&s->p);
		check_tunnel(s);
		HOLDS(s->c.webui || s->p.n_networks == 0);
		for (u32 i = 0; i < s->p.n_networks; i++)
			check_network(s, &s->p.networks[i]);
		check_rules(s);
		HOLDS(policy_is_sound(&s->p));
		check_deterministic(s);
		networks += s->p.n_networks;
		sources += s->p.n_sources;
		rules += s->p.n_rules;
		conflicts += notes_conflict(&s->notes) != NULL;
		full += s->p.n_broadcasts == WGF_MAX_BROADCASTS;
		free(s);
	}
	/* The rounds were not all about nothing. */
	assert_true(networks > ROUNDS && sources > ROUNDS / 2 && rules > ROUNDS);
	assert_true(conflicts > ROUNDS / 100 && conflicts < ROUNDS && full > 10);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_properties)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
