/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet as a line of text, for sniff.
 *
 * Owns: telling the kernel's own noise from everything else. What cannot be read is no noise.
 */
#ifndef WGF_TEST_DISSECT_H
#define WGF_TEST_DISSECT_H

#include "net.h"

#define ICMPV6_ROUTER_SOLICIT 133
#define ICMPV6_REDIRECT	      137
#define ICMPV6_MLD2_REPORT    143

struct dissected {
	bool noise, reset;
	unsigned ethertype;
	int family;				  /* 0: neither IPv4 nor IPv6 */
	unsigned proto, from_port, to_port, type; /* type: the first byte behind the IP header */
	const unsigned char *from, *to;
	char asks[256];	  /* the name in a DNS query by UDP, empty where it is none */
	unsigned attempt; /* the number in "attack=0123;" (tests/attack); 0 where there is none */
};

static inline unsigned dissect16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* Does this report speak only of groups ff02::1:ffXX:XXXX? `len` counts from the ICMPv6 header. */
static inline bool only_solicited_node(const unsigned char *icmp, size_t len)
{
	static const unsigned char prefix[13] = {0xff, 2, [11] = 1, [12] = 0xff};
	const unsigned char *record = icmp + 8, *end = icmp + len;

	if (len < 8)
		return false;
	for (unsigned n = dissect16(icmp + 6); n > 0; n--) {
		if (end - record < 20 || memcmp(record + 4, prefix, sizeof(prefix)) != 0)
			return false;
		record += 20 + 16 * dissect16(record + 2) + 4 * record[1];
	}
	return true;
}

static inline bool is_neighbour_discovery(unsigned proto, const unsigned char *p, size_t len)
{
	if (proto == 0 && len > 8 && p[0] == IPPROTO_ICMPV6 && p[1] == 0) {
		p += 8; /* MLD stands behind a hop-by-hop header with the router alert */
		len -= 8;
		return p[0] == ICMPV6_MLD2_REPORT && only_solicited_node(p, len);
	}
	return proto == IPPROTO_ICMPV6 && len > 0 && p[0] >= ICMPV6_ROUTER_SOLICIT &&
	       p[0] <= ICMPV6_REDIRECT;
}

/* The first name of a query, dots between its labels; bytes that are no text as `?`. */
static inline void dissect_query(const unsigned char *p, size_t len, char *ret, size_t size)
{
	const unsigned char *end = p + len;
	size_t n = 0;

	if (len < 13 || p[2] & 0x80 || !dissect16(p + 4))
		return;
	for (p += 12; p < end && *p && *p < 64 && p + *p < end; p += *p + 1)
		for (unsigned i = 1; i <= *p + 1u && n + 1 < size; i++)
			ret[n++] = i > *p ? '.' : p[i] > ' ' && p[i] < 127 ? (char)p[i] : '?';
	ret[n ? n - 1 : 0] = '\0';
}

/* By the group that a report is of: 239.77.N or ff05::N. */
static inline unsigned attempt_of_group(const unsigned char *p, size_t len)
{
	static const unsigned char four[] = {0xef, 0x4d}, six[14] = {0xff, 5};
	const unsigned char *at = memmem(p, len, six, sizeof(six)), *end = p + len;

	if (at)
		at += sizeof(six);
	else if ((at = memmem(p, len, four, sizeof(four))))
		at += sizeof(four);
	return at && end - at >= 2 ? dissect16(at) : 0;
}

/* Whatever the packet is, and whatever it hides behind. */
static inline unsigned attempt_of(const unsigned char *p, size_t len)
{
	static const char key[] = "attack=";
	const unsigned char *at = memmem(p, len, key, sizeof(key) - 1);
	char digits[5] = "";

	if (!at || (size_t)(p + len - at) < sizeof(key) + 3)
		return 0;
	memcpy(digits, at + sizeof(key) - 1, 4);
	return (unsigned)atoi(digits);
}

static inline void dissect(unsigned ethertype, const unsigned char *p, size_t len,
			   struct dissected *ret)
{
	size_t header;

	*ret = (struct dissected){.ethertype = ethertype, .noise = ethertype == 0x0806};
	ret->attempt = attempt_of(p, len);
	if (ethertype == 0x0800 && len >= 20 && p[0] >> 4 == 4) {
		ret->family = AF_INET;
		ret->proto = p[9];
		ret->from = p + 12;
		ret->to = p + 16;
		header = (size_t)(p[0] & 15) * 4;
	} else if (ethertype == 0x86dd && len >= 40 && p[0] >> 4 == 6) {
		ret->family = AF_INET6;
		ret->proto = p[6];
		ret->from = p + 8;
		ret->to = p + 24;
		header = 40;
	} else {
		return;
	}
	if (len < header + 4)
		return;
	ret->type = p[header];
	if (!ret->attempt && (ret->proto == IPPROTO_IGMP || ret->proto == IPPROTO_HOPOPTS))
		ret->attempt = attempt_of_group(p + header, len - header);
	ret->from_port = dissect16(p + header);
	ret->to_port = dissect16(p + header + 2);
	ret->reset = ret->proto == IPPROTO_TCP && len > header + 13 && (p[header + 13] & 4);
	if (ret->proto == IPPROTO_UDP && ret->to_port == 53 && len > header + 8)
		dissect_query(p + header + 8, len - header - 8, ret->asks, sizeof(ret->asks));
	if (ret->family == AF_INET6)
		ret->noise = is_neighbour_discovery(ret->proto, p + header, len - header);
}

static inline void dissect_print(FILE *out, const struct dissected *d, size_t len)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], attempt[24] = "";

	if (d->attempt)
		snprintf(attempt, sizeof(attempt), ", attempt %u", d->attempt);
	if (!d->family) {
		fprintf(out, "unreadable ethertype %04x, %zu bytes%s\n", d->ethertype, len,
			attempt);
		return;
	}
	inet_ntop(d->family, d->from, from, sizeof(from));
	inet_ntop(d->family, d->to, to, sizeof(to));
	if (d->proto == IPPROTO_TCP || d->proto == IPPROTO_UDP)
		fprintf(out, "%s %s %u > %s %u, %zu bytes%s%s%s%s\n",
			d->proto == IPPROTO_TCP ? "tcp" : "udp", from, d->from_port, to, d->to_port,
			len, d->reset ? ", reset" : "", *d->asks ? ", asks " : "", d->asks,
			attempt);
	else
		fprintf(out, "protocol %u type %u %s > %s, %zu bytes%s\n", d->proto, d->type, from,
			to, len, attempt);
}

#endif
