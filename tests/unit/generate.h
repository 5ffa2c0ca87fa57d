/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random fences, and random packets that come near to what they name.
 *
 * Owns: the distribution. Addresses and ports are drawn from small pools and from the edges of what
 * the fence names: numbers drawn evenly would never meet a rule.
 */
#ifndef TEST_GENERATE_H
#define TEST_GENERATE_H

#include "facts.h"
#include "naive.h"
#include "random.h"

#define GENERATE_DEVS 6 /* interfaces 1 (lo) to 6 */

static inline unsigned some_port(const struct fence_spec *s)
{
	static const unsigned known[] = {53,   853,  1900, 5351, 5353, 6771, 52,   54,
					 852,  854,  1899, 1901, 5350, 5352, 5354, 6770,
					 6772, 6881, 8080, 8081, 1,    65535};
	unsigned n = s->n_exceptions, which = random_below(8);

	if (which < 3 && n)
		return s->exception[random_below(n)].port;
	if (which < 4 && s->webui)
		return s->webui_port;
	return which < 7 ? known[random_below(sizeof(known) / sizeof(known[0]))]
			 : 1 + random_below(65535);
}

static inline struct address random_address(bool v6)
{
	static const unsigned char v4_first[] = {10, 192, 203, 127, 224, 239, 240, 255, 0, 1};
	static const unsigned char v6_first[] = {0x20, 0xfd, 0xfe, 0xff, 0};
	struct address a = {.v6 = v6};

	for (unsigned i = 0; i < (v6 ? 16 : 4); i++)
		a.byte[i] = one_in(2) ? 0 : (unsigned char)random_u64();
	a.byte[0] = v6 ? v6_first[random_below(sizeof(v6_first))]
		       : v4_first[random_below(sizeof(v4_first))];
	if (v6 && a.byte[0] == 0 && one_in(2)) /* :: and ::1 */
		memset(a.byte, 0, 15);
	if (v6 && a.byte[15] > 2 && a.byte[0] == 0)
		a.byte[15] %= 3;
	if (!v6 && a.byte[0] == 255 && one_in(2))
		memset(a.byte, 255, 4);
	if (v6 && is_all(&a, 0, 10, 0) && is_all(&a, 10, 12, 255)) /* that would be IPv4 */
		a.byte[0] = 0x20;
	return a;
}

static inline struct network random_network(bool v6)
{
	struct network n = {.first = random_address(v6)};

	/* Too short an IPv6 prefix at :: would take in IPv4; the configuration refuses it. */
	do
		n.len = random_below(v6 ? 129 : 33);
	while (v6 && n.len < 96 && is_all(&n.first, 0, 10, 0));
	for (unsigned i = n.len; i < (v6 ? 128 : 32); i++)
		n.first.byte[i / 8] &= (unsigned char)~(0x80 >> i % 8);
	if (v6 && n.len < 96 && is_all(&n.first, 0, 10, 0))
		n.len = 128;
	n.dev = 1 + random_below(GENERATE_DEVS);
	return n;
}

static inline unsigned random_count(unsigned max)
{
	return one_in(8) ? random_below(max + 1) : random_below(5);
}

static inline void random_exception(struct fence_spec *s)
{
	struct exception *e = &s->exception[s->n_exceptions];

	*e = (struct exception){.serve = one_in(2), .tcp = one_in(2)};
	e->remote = random_network(one_in(2));
	if (one_in(2))
		e->remote.dev = 0;
	e->port = some_port(s);
	s->n_exceptions++;
}

/* An address is shared or not, however often it stands there. */
static inline void random_own(struct fence_spec *s)
{
	struct own_address *own = &s->own[s->n_own];

	*own = (struct own_address){random_address(one_in(2)),
				    s->tunnel[random_below(s->n_tunnels)], one_in(4)};
	for (unsigned i = 0; i < s->n_own; i++)
		if (same_address(&s->own[i].address, &own->address))
			own->shared = s->own[i].shared;
	s->n_own++;
}

static inline void random_fence(struct fence_spec *s)
{
	unsigned n_own = random_count(16), n_networks = random_count(64);
	unsigned n_exceptions = random_count(64), n_broadcasts = random_count(32);

	memset(s, 0, sizeof(*s));
	s->lo = 1;
	s->webui = !one_in(4);
	s->webui_port = one_in(2) ? 8080 : 1 + random_below(65535);
	s->n_tunnels = one_in(4) ? 0 : 1 + random_below(4);
	for (unsigned i = 0; i < s->n_tunnels; i++)
		s->tunnel[i] = 3 + (i + random_below(2)) % (GENERATE_DEVS - 2);
	s->unusable = one_in(8);
	s->unguarded = one_in(8);
	while (s->n_tunnels && !s->unusable && s->n_own < n_own)
		random_own(s);
	for (; s->n_networks < n_networks; s->n_networks++)
		s->network[s->n_networks] = random_network(one_in(2));
	if (s->n_networks && one_in(2))
		s->network[random_below(s->n_networks)] =
			(struct network){.dev = s->lo, .localhost = true};
	while (s->n_exceptions < n_exceptions)
		random_exception(s);
	for (; s->n_broadcasts < n_broadcasts; s->n_broadcasts++) {
		s->broadcast[s->n_broadcasts] = random_address(false);
		s->broadcast[s->n_broadcasts].byte[0] |= 1; /* 0.0.0.0 is nobody's */
	}
}

/* One more or one less, as a number. */
static inline void step(struct address *a, bool up)
{
	for (unsigned i = a->v6 ? 16 : 4; i-- > 0;) {
		a->byte[i] = (unsigned char)(a->byte[i] + (up ? 1 : -1));
		if (a->byte[i] != (up ? 0 : 255))
			return;
	}
}

/* Inside, first or last of it, or the neighbour of one of these. */
static inline struct address near_network(const struct network *n)
{
	struct address a = n->first, other = random_address(n->first.v6);
	unsigned kind = random_below(4), bits = n->first.v6 ? 128 : 32;

	for (unsigned i = n->len; i < bits; i++)
		if (kind == 0 || (kind == 1 && address_bit(&other, i)))
			a.byte[i / 8] |= (unsigned char)(0x80 >> i % 8);
	if (one_in(4))
		step(&a, kind == 0);
	return a;
}

static inline struct address some_address(const struct fence_spec *s, bool v6)
{
	unsigned which = random_below(8);
	struct address a = random_address(v6);

	if (which < 3 && s->n_exceptions)
		a = near_network(&s->exception[random_below(s->n_exceptions)].remote);
	else if (which < 4 && s->n_networks)
		a = near_network(&s->network[random_below(s->n_networks)]);
	else if (which < 5 && s->n_own)
		a = s->own[random_below(s->n_own)].address;
	else if (which < 6 && s->n_broadcasts)
		a = s->broadcast[random_below(s->n_broadcasts)];
	if (a.v6 != v6 || (v6 && is_all(&a, 0, 10, 0) && is_all(&a, 10, 12, 255)))
		return random_address(v6);
	return a;
}

static inline struct flight random_flight(const struct fence_spec *s)
{
	bool v6 = one_in(2);
	struct flight f = {
		.local = some_address(s, v6),
		.remote = some_address(s, v6),
		.local_port = some_port(s),
		.remote_port = some_port(s),
		.dev = 1 + random_below(GENERATE_DEVS),
		.tcp = one_in(2),
		.syn = one_in(2),
		.ack = one_in(2),
	};

	if (s->n_own && one_in(3)) {
		const struct own_address *own = &s->own[random_below(s->n_own)];

		f.dev = own->dev;
		if (own->address.v6 == v6)
			f.local = own->address;
	}
	if (s->webui && one_in(4)) {
		f.local_port = s->webui_port;
		f.dev = s->n_networks ? s->network[random_below(s->n_networks)].dev : f.dev;
	}
	return f;
}

#endif
