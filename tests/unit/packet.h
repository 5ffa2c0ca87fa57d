/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets made of facts: the way back from what the parser reads.
 *
 * Owns: the bytes. Checksums stay zero: no cgroup hook looks at them.
 */
#ifndef TEST_PACKET_H
#define TEST_PACKET_H

#include <stdbool.h>
#include <string.h>

#include "facts.h"
#include "reasons.h"

#define ETH_IPV4 0x0800
#define ETH_IPV6 0x86dd

struct packet {
	u16 ethertype;
	unsigned len; /* of the IP packet */
	unsigned l4;  /* where its transport header starts */
	int egress;   /* local is the source */
	u8 byte[256] __attribute__((aligned(8)));
};

static inline void put16(u8 *at, unsigned value)
{
	at[0] = (u8)(value >> 8);
	at[1] = (u8)value;
}

/* `payload` bytes behind a TCP or UDP header, and twenty of nothing behind any other. */
static inline void packet_build(struct packet *p, const struct wgf_facts *f, int egress,
				u8 tcp_flags, unsigned payload)
{
	const union wgf_ip *source = egress ? &f->local : &f->remote;
	const union wgf_ip *destination = egress ? &f->remote : &f->local;
	bool v6 = f->family == WGF_IPV6;
	unsigned header = f->proto == WGF_UDP ? 8 : 20;
	u8 *h = p->byte, *l4;

	memset(p, 0, sizeof(*p));
	p->ethertype = v6 ? ETH_IPV6 : ETH_IPV4;
	p->egress = egress;
	p->l4 = v6 ? 40 : 20;
	p->len = p->l4 + header + payload;
	if (v6) {
		h[0] = 0x60;
		put16(h + 4, header + payload);
		h[6] = (u8)f->proto;
		h[7] = 64;
		memcpy(h + 8, source, 16);
		memcpy(h + 24, destination, 16);
	} else {
		h[0] = 0x45;
		put16(h + 2, p->len);
		put16(h + 4, 0xffff); /* an id that must not pass for fragment bits */
		put16(h + 6, 0x4000); /* don't fragment */
		h[8] = 64;
		h[9] = (u8)f->proto;
		memcpy(h + 12, source->b + 12, 4);
		memcpy(h + 16, destination->b + 12, 4);
	}
	l4 = h + p->l4;
	put16(l4, egress ? f->local_port : f->remote_port);
	put16(l4 + 2, egress ? f->remote_port : f->local_port);
	if (f->proto == WGF_UDP) {
		put16(l4 + 4, 8 + payload);
	} else if (f->proto == WGF_TCP) {
		l4[12] = 0x50;
		l4[13] = tcp_flags;
	}
}

/* Something between the IP header and the transport's, `len` bytes of zeroes. */
static inline void packet_insert(struct packet *p, unsigned len)
{
	memmove(p->byte + p->l4 + len, p->byte + p->l4, p->len - p->l4);
	memset(p->byte + p->l4, 0, len);
	p->len += len;
}

/* Makes it a packet that has this problem, and is else as it was. */
static inline void packet_spoil(struct packet *p, u32 problem)
{
	u8 *h = p->byte;
	bool v6 = p->ethertype == ETH_IPV6;

	switch (problem) {
	case WGF_MALFORMED: /* the other family's version */
		h[0] ^= 0x20;
		break;
	case WGF_FRAGMENT:
		if (v6) {
			packet_insert(p, 8);
			h[p->l4] = h[6];
			h[p->l4 + 3] = 1; /* more to come */
			h[6] = 44;
		} else {
			h[6] |= 0x20;
		}
		break;
	case WGF_IP_OPTIONS:
		packet_insert(p, 4);
		memset(h + p->l4, 1, 4); /* no-operation */
		h[0] = 0x46;
		break;
	case WGF_EXTENSION_HEADER:
		packet_insert(p, 8);
		h[p->l4] = h[6];
		h[p->l4 + 2] = 1; /* PadN */
		h[p->l4 + 3] = 4;
		h[6] = 60;
		break;
	case WGF_TRANSPORT: /* UDP-Lite looks like UDP */
		h[v6 ? 6 : 9] = 136;
		break;
	default:
		break;
	}
}

#endif
