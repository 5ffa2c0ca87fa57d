/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random packets, and whole ones with something wrong.
 *
 * Owns: the distribution. Most are nearly right: what is wrong everywhere is malformed and no more.
 */
#ifndef TEST_RANDOM_PACKET_H
#define TEST_RANDOM_PACKET_H

#include "generate.h"
#include "lower.h"
#include "packet.h"

/* Near what the fence names; returns the interface. */
static inline u32 random_packet(struct packet *p, const struct fence_spec *s)
{
	struct flight flight = random_flight(s);
	struct wgf_facts f = lower_flight(&flight);
	u8 flags = one_in(4) ? (u8)random_u64() : (u8)(flight.syn << 1 | flight.ack << 4);

	packet_build(p, &f, one_in(2), flags, random_below(24));
	return f.ifindex;
}

static inline void mutate_packet(struct packet *p)
{
	if (one_in(8))
		packet_spoil(p, WGF_MALFORMED + random_below(5));
	if (one_in(32))
		for (unsigned i = 0; i < sizeof(p->byte); i++)
			p->byte[i] = (u8)random_u64();
	for (unsigned n = one_in(2) ? 0 : random_below(4); n > 0; n--)
		p->byte[random_below(60)] = (u8)random_u64();
	if (one_in(8))
		p->len = random_below(61);
	if (one_in(32))
		p->ethertype ^= (u16)(1 << random_below(16));
}

#endif
