/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fence, stated a second time: slowly, plainly, and from docs/why.md's sentences alone.
 *
 * Owns: a policy and a packet as people would write them down (two families, prefix lengths, bits),
 * and what may pass. Must never include verdict.h or share a line with it, nor hold addresses in 16
 * mapped bytes: what both got wrong in the same way would go unseen.
 */
#ifndef TEST_NAIVE_H
#define TEST_NAIVE_H

#include <stdbool.h>
#include <string.h>

struct address {
	bool v6;
	unsigned char byte[16]; /* of IPv4 the first four */
};

struct network {
	struct address first;
	unsigned len;	/* of IPv4 0 to 32 */
	unsigned dev;	/* rules: 0 is every interface but the tunnels */
	bool localhost; /* any address of either family, on dev */
};

struct exception {
	bool serve, tcp;
	struct network remote;
	unsigned port;
};

struct own_address {
	struct address address;
	unsigned dev;
	bool shared; /* another interface has it, too */
};

struct fence_spec {
	bool webui;
	bool unusable; /* the tunnels are there, but down or without an address */
	bool unguarded;
	unsigned webui_port, lo;
	unsigned n_tunnels, n_own, n_networks, n_exceptions, n_broadcasts;
	unsigned tunnel[4];
	struct own_address own[16];
	struct network network[64];
	struct exception exception[64];
	struct address broadcast[32];
};

/* A packet, or the one that a call would lead to. */
struct flight {
	struct address local, remote;
	unsigned local_port, remote_port, dev;
	bool tcp, syn, ack;
};

static inline bool address_bit(const struct address *a, unsigned i)
{
	return a->byte[i / 8] >> (7 - i % 8) & 1;
}

static inline bool same_address(const struct address *a, const struct address *b)
{
	return a->v6 == b->v6 && memcmp(a->byte, b->byte, a->v6 ? 16 : 4) == 0;
}

static inline bool lies_in(const struct address *a, const struct network *n)
{
	if (a->v6 != n->first.v6)
		return false;
	for (unsigned i = 0; i < n->len; i++)
		if (address_bit(a, i) != address_bit(&n->first, i))
			return false;
	return true;
}

static inline bool is_all(const struct address *a, unsigned from, unsigned to, unsigned char value)
{
	for (unsigned i = from; i < to; i++)
		if (a->byte[i] != value)
			return false;
	return true;
}

static inline bool naive_multicast(const struct address *a)
{
	return a->v6 ? a->byte[0] == 255 : a->byte[0] >= 224 && a->byte[0] <= 239;
}

static inline bool naive_loopback(const struct address *a)
{
	return a->v6 ? is_all(a, 0, 15, 0) && a->byte[15] == 1 : a->byte[0] == 127;
}

/* IPv4: the whole network 0. */
static inline bool naive_unspecified(const struct address *a)
{
	return a->v6 ? is_all(a, 0, 16, 0) : a->byte[0] == 0;
}

static inline bool naive_everyone(const struct address *a)
{
	return !a->v6 && is_all(a, 0, 4, 255);
}

static inline bool naive_broadcast(const struct fence_spec *s, const struct address *a)
{
	for (unsigned i = 0; i < s->n_broadcasts; i++)
		if (same_address(a, &s->broadcast[i]))
			return true;
	return naive_everyone(a);
}

static inline bool naive_tunnel(const struct fence_spec *s, unsigned dev)
{
	for (unsigned i = 0; i < s->n_tunnels; i++)
		if (s->tunnel[i] == dev)
			return true;
	return false;
}

static inline bool naive_own(const struct fence_spec *s, const struct address *a, unsigned dev)
{
	for (unsigned i = 0; i < s->n_own; i++)
		if (same_address(&s->own[i].address, a) && (!dev || s->own[i].dev == dev))
			return true;
	return false;
}

static inline bool naive_named(const struct fence_spec *s, const struct flight *f)
{
	for (unsigned i = 0; i < s->n_networks; i++) {
		const struct network *n = &s->network[i];

		if (n->dev == f->dev && (n->localhost || lies_in(&f->remote, n)))
			return true;
	}
	return false;
}

static inline bool naive_exception(const struct fence_spec *s, const struct flight *f, bool serve)
{
	for (unsigned i = 0; i < s->n_exceptions; i++) {
		const struct exception *e = &s->exception[i];

		if (e->serve != serve || e->tcp != f->tcp || !lies_in(&f->remote, &e->remote))
			continue;
		if (e->remote.dev ? e->remote.dev != f->dev : naive_tunnel(s, f->dev))
			continue;
		if (e->port == (serve ? f->local_port : f->remote_port))
			return true;
	}
	return false;
}

/* Port mapping, discovery, multicast, broadcast, names: no serve rule lets these out. */
static inline bool naive_noise(const struct fence_spec *s, const struct flight *f)
{
	unsigned port = f->remote_port;

	if (naive_multicast(&f->remote) || naive_broadcast(s, &f->remote))
		return true;
	if (!f->tcp && (port == 5351 || port == 1900 || port == 6771 || port == 5353))
		return true;
	return port == 53 || port == 853;
}

static inline bool naive_opens(const struct flight *f)
{
	return f->tcp && f->syn && !f->ack;
}

static inline bool naive_webui(const struct fence_spec *s, const struct flight *f)
{
	return f->tcp && s->webui && f->local_port == s->webui_port;
}

/* The three kinds of packet that leave. */
static inline bool may_leave(const struct fence_spec *s, const struct flight *f)
{
	const struct address *to = &f->remote;

	if (naive_tunnel(s, f->dev))
		return naive_own(s, &f->local, f->dev) && !naive_webui(s, f) &&
		       !naive_loopback(to) && !naive_multicast(to) && !naive_everyone(to) &&
		       !naive_unspecified(to);
	if (naive_webui(s, f))
		return !naive_opens(f) && naive_named(s, f);
	if (naive_exception(s, f, false))
		return true;
	return naive_exception(s, f, true) && !naive_noise(s, f) && !naive_opens(f);
}

static inline bool may_enter(const struct fence_spec *s, const struct flight *f)
{
	if (naive_tunnel(s, f->dev))
		return !naive_webui(s, f);
	if (naive_webui(s, f))
		return naive_named(s, f);
	return naive_exception(s, f, true) || (naive_exception(s, f, false) && !naive_opens(f));
}

/* The local end is the address to be bound. */
static inline bool may_bind(const struct fence_spec *s, const struct flight *f)
{
	if (is_all(&f->local, 0, f->local.v6 ? 16 : 4, 0) || naive_own(s, &f->local, 0) ||
	    naive_webui(s, f))
		return true;
	for (unsigned i = 0; i < s->n_exceptions; i++) {
		const struct exception *e = &s->exception[i];

		if (e->serve && e->tcp == f->tcp && e->port == f->local_port && e->port)
			return true;
	}
	return false;
}

/*
 * What the guard lets by: all of the tunnel; on any other interface all but members' frames, and
 * what speaks in the name of a tunnel whose address is nobody else's.
 */
static inline bool may_go_by(const struct fence_spec *s, const struct flight *f, bool frame)
{
	if (s->unguarded || naive_tunnel(s, f->dev))
		return true;
	if (frame)
		return false;
	for (unsigned i = 0; i < s->n_own; i++)
		if (same_address(&s->own[i].address, &f->local) && !s->own[i].shared)
			return false;
	return true;
}

#endif
