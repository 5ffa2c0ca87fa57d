/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an IP packet says, read a second time, byte by byte.
 *
 * Owns: a reader that knows the whole length and trusts nothing. Must never include parse.h.
 */
#ifndef TEST_NAIVE_PACKET_H
#define TEST_NAIVE_PACKET_H

#include <netinet/in.h>

#include "naive.h"
#include "reasons.h"

struct reading {
	unsigned problem;     /* a reason, or 0 */
	struct flight flight; /* where there is no problem */
};

static inline unsigned naive_be16(const unsigned char *at)
{
	return at[0] * 256U + at[1];
}

static inline bool naive_mapped(const unsigned char *at)
{
	static const unsigned char start[12] = {[10] = 255, [11] = 255};

	return memcmp(at, start, 12) == 0;
}

static inline bool naive_extension(unsigned next)
{
	switch (next) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_ESP:
	case IPPROTO_AH:
	case IPPROTO_DSTOPTS:
	case IPPROTO_MH:
	case 139: /* HIP */
	case 140: /* Shim6 */
		return true;
	default:
		return false;
	}
}

/* The least that a packet of this transport must have behind its IP header. */
static inline size_t naive_least(unsigned proto)
{
	return proto == IPPROTO_TCP ? 14 : proto == IPPROTO_UDP ? 8 : 0;
}

static inline unsigned naive_problem_v4(const unsigned char *b, size_t len)
{
	if (len < 20 || len < 20 + naive_least(b[9]) || b[0] / 16 != 4 || b[0] % 16 < 5)
		return WGF_MALFORMED;
	if (b[0] % 16 > 5)
		return WGF_IP_OPTIONS;
	if (naive_be16(b + 6) % 0x4000) /* all but the reserved bit and "don't fragment" */
		return WGF_FRAGMENT;
	return naive_least(b[9]) ? 0 : WGF_TRANSPORT;
}

static inline unsigned naive_problem_v6(const unsigned char *b, size_t len)
{
	if (len < 40 || len < 40 + naive_least(b[6]) || b[0] / 16 != 6 || naive_mapped(b + 8) ||
	    naive_mapped(b + 24))
		return WGF_MALFORMED;
	if (b[6] == IPPROTO_FRAGMENT)
		return WGF_FRAGMENT;
	if (naive_extension(b[6]))
		return WGF_EXTENSION_HEADER;
	return naive_least(b[6]) ? 0 : WGF_TRANSPORT;
}

static inline struct reading naive_read(unsigned ethertype, const unsigned char *b, size_t len,
					bool egress)
{
	bool v6 = ethertype == 0x86dd;
	struct address source = {.v6 = v6}, destination = {.v6 = v6};
	struct reading r = {.problem = WGF_MALFORMED};
	const unsigned char *l4 = b + (v6 ? 40 : 20);

	if (ethertype == 0x0800)
		r.problem = naive_problem_v4(b, len);
	else if (v6)
		r.problem = naive_problem_v6(b, len);
	if (r.problem)
		return r;
	memcpy(source.byte, v6 ? b + 8 : b + 12, v6 ? 16 : 4);
	memcpy(destination.byte, v6 ? b + 24 : b + 16, v6 ? 16 : 4);
	r.flight.local = egress ? source : destination;
	r.flight.remote = egress ? destination : source;
	r.flight.local_port = naive_be16(egress ? l4 : l4 + 2);
	r.flight.remote_port = naive_be16(egress ? l4 + 2 : l4);
	r.flight.tcp = b[v6 ? 6 : 9] == IPPROTO_TCP;
	if (r.flight.tcp) {
		r.flight.syn = l4[13] / 2 % 2;
		r.flight.ack = l4[13] / 16 % 2;
	}
	return r;
}

#endif
