// SPDX-License-Identifier: GPL-2.0-only
#include "check_samples.h"

#include <stdlib.h>

#include "../bpf/match.h"

#define PEER_PORT 6881
#define DNS_PORT  53

/* What is built up for one interface. */
struct maker {
	const struct wgf_policy *p;
	const struct inventory *inv;
	const struct link *link;
	struct samples *out;
};

/* TEST-NET-1 and the documentation prefix: nobody's, so a network of the host is not meant. */
static union wgf_ip somewhere(bool v6)
{
	static const union wgf_ip v4_ip = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2,
					    7}},
				  v6_ip = {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
					    7}};

	return v6 ? v6_ip : v4_ip;
}

/* Another address of the same network. */
static union wgf_ip neighbour_of(const struct addr *a)
{
	union wgf_ip ip = a->local;

	ip.b[15] ^= 1;
	return ip;
}

static void add(struct maker *m, enum wgf_hook hook, enum promise promise,
		const struct wgf_facts *facts, u8 flags, const char *what)
{
	struct sample *more = reallocarray(m->out->v, m->out->n + 1UL, sizeof(*more));

	if (!more) {
		m->out->lost = true;
		return;
	}
	m->out->v = more;
	more[m->out->n++] = (struct sample){hook, promise, *facts, flags, what};
}

static struct wgf_facts facts_of(const struct maker *m, u32 proto, const union wgf_ip *local,
				 u16 local_port, const union wgf_ip *remote, u16 remote_port)
{
	return (struct wgf_facts){
		.local = *local,
		.remote = *remote,
		.ifindex = m->link->ifindex,
		.local_port = local_port,
		.remote_port = remote_port,
		.proto = proto,
		.family = wgf_is_v4(local) ? WGF_IPV4 : WGF_IPV6,
	};
}

/* Both transports; the TCP one opens a connection. */
static void leak(struct maker *m, const union wgf_ip *from, const union wgf_ip *to, u16 port,
		 const char *what)
{
	struct wgf_facts udp = facts_of(m, WGF_UDP, from, PEER_PORT, to, port),
			 tcp = facts_of(m, WGF_TCP, from, PEER_PORT + 1, to, port);

	tcp.opens = 1;
	add(m, WGF_EGRESS, PROMISE_DROP, &udp, 0, what);
	add(m, WGF_EGRESS, PROMISE_DROP, &tcp, FLAG_SYN, what);
}

static void from_outside(struct maker *m, const union wgf_ip *local, const union wgf_ip *remote)
{
	struct wgf_facts syn = facts_of(m, WGF_TCP, local, PEER_PORT, remote, PEER_PORT);

	syn.opens = 1;
	add(m, WGF_INGRESS, PROMISE_DROP, &syn, FLAG_SYN, "a peer that comes in");
}

/* Of an address that the interface has. */
static void of_address(struct maker *m, const struct addr *a)
{
	bool v6 = !wgf_is_v4(&a->local);
	union wgf_ip far = somewhere(v6), near = neighbour_of(a);

	leak(m, &a->local, &far, PEER_PORT, "the internet");
	leak(m, &a->local, &far, DNS_PORT, "DNS of the internet");
	leak(m, &a->local, &near, PEER_PORT, "the LAN");
	leak(m, &a->local, &near, DNS_PORT, "DNS of the LAN");
	from_outside(m, &a->local, &far);
}

/* The kernel may choose such a source, and so may a member; the guard sees what has no socket. */
static void of_source(struct maker *m, const struct wgf_source *s)
{
	union wgf_ip far = somewhere(!wgf_is_v4(&s->addr));
	struct wgf_facts reset = facts_of(m, WGF_TCP, &s->addr, PEER_PORT, &far, PEER_PORT);

	leak(m, &s->addr, &far, PEER_PORT, "with the tunnel's address");
	if (m->p->cgroup && !s->shared && m->link->ifindex != m->p->lo)
		add(m, WGF_GUARD, PROMISE_DROP, &reset, FLAG_ACK, "the kernel's own answer");
}

static bool is_named(const struct wgf_policy *p, const union wgf_ip *ip, u32 ifindex)
{
	return wgf_is_named_network(p, ip, ifindex);
}

/* The WebUI answers, and opens nothing. */
static void of_webui(struct maker *m, const union wgf_ip *own, const union wgf_ip *visitor,
		     const char *what)
{
	bool named = is_named(m->p, visitor, m->link->ifindex);
	struct wgf_facts f = facts_of(m, WGF_TCP, own, m->p->webui_port, visitor, PEER_PORT);

	add(m, WGF_EGRESS, named ? PROMISE_PASS : PROMISE_DROP, &f, FLAG_ACK, what);
	f.opens = 1;
	add(m, WGF_EGRESS, PROMISE_DROP, &f, FLAG_SYN, "opened from the WebUI's port");
	add(m, WGF_INGRESS, named ? PROMISE_PASS : PROMISE_DROP, &f, FLAG_SYN, what);
}

static void of_webui_at(struct maker *m, const struct addr *a)
{
	union wgf_ip far = somewhere(!wgf_is_v4(&a->local)), near = neighbour_of(a);

	if (!m->p->webui)
		return;
	of_webui(m, &a->local, &near, "WebUI, neighbour");
	if (!is_named(m->p, &far, m->link->ifindex))
		of_webui(m, &a->local, &far, "WebUI, stranger");
}

static void past_the_tunnel(struct maker *m)
{
	for (unsigned i = 0; i < m->inv->n_addrs; i++)
		if (m->inv->addrs[i].ifindex == m->link->ifindex) {
			of_address(m, &m->inv->addrs[i]);
			of_webui_at(m, &m->inv->addrs[i]);
		}
	for (u32 i = 0; i < m->p->n_sources; i++)
		of_source(m, &m->p->sources[i]);
}

static void by_the_tunnel(struct maker *m)
{
	for (u32 i = 0; i < m->p->n_sources; i++) {
		const struct wgf_source *s = &m->p->sources[i];
		bool v6 = !wgf_is_v4(&s->addr);
		union wgf_ip far = somewhere(v6), wrong = far;
		struct wgf_facts f = facts_of(m, WGF_UDP, &s->addr, PEER_PORT, &far, PEER_PORT);

		if (s->ifindex != m->link->ifindex)
			continue;
		add(m, WGF_EGRESS, PROMISE_PASS, &f, 0, "a peer through the tunnel");
		add(m, WGF_INGRESS, PROMISE_PASS, &f, 0, "a peer through the tunnel");
		f = facts_of(m, WGF_TCP, &s->addr, PEER_PORT, &far, PEER_PORT);
		add(m, WGF_EGRESS, PROMISE_PASS, &f, FLAG_ACK, "a peer through the tunnel");
		wrong.b[15] = 9;
		f = facts_of(m, WGF_UDP, &wrong, PEER_PORT, &far, PEER_PORT);
		add(m, WGF_EGRESS, PROMISE_DROP, &f, 0, "a wrong source in the tunnel");
		f = facts_of(m, WGF_TCP, &s->addr, m->p->webui_port, &far, PEER_PORT);
		if (m->p->webui)
			add(m, WGF_EGRESS, PROMISE_DROP, &f, FLAG_ACK, "the WebUI in the tunnel");
		if (m->p->webui)
			add(m, WGF_INGRESS, PROMISE_DROP, &f, FLAG_ACK, "the WebUI in the tunnel");
	}
}

void samples_make(const struct wgf_policy *p, const struct inventory *inv, struct samples *ret)
{
	*ret = (struct samples){0};
	for (unsigned i = 0; i < inv->n_links; i++) {
		struct maker m = {p, inv, &inv->links[i], ret};

		if (wgf_is_tunnel(p, m.link->ifindex))
			by_the_tunnel(&m);
		else
			past_the_tunnel(&m);
	}
}

void samples_free(struct samples *s)
{
	free(s->v);
	*s = (struct samples){0};
}
