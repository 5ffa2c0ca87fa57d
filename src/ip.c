// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses and prefixes as text and as 16 bytes.
 *
 * Owns: reading and writing them. Must never let one family pass for the other: IPv4 lies inside
 * IPv6 here (::ffff:0:0/96), so a short IPv6 prefix would cover it all the same.
 */
#include "ip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "decimal.h"

#define V4_BITS 96 /* the length of ::ffff:0:0/96, in which IPv4 lies */

static union wgf_ip ip_from_v4(struct in_addr v4)
{
	return (union wgf_ip){.w = {0, 0, WGF_BE32(0xffff), v4.s_addr}};
}

bool ip_parse(const char *text, union wgf_ip *ret)
{
	struct in_addr v4;
	union wgf_ip v6;

	if (inet_pton(AF_INET, text, &v4) == 1) {
		*ret = ip_from_v4(v4);
		return true;
	}
	/* A v4-mapped address is an IPv4 address in another spelling: one spelling is enough. */
	if (inet_pton(AF_INET6, text, v6.b) != 1 || wgf_is_v4(&v6))
		return false;
	*ret = v6;
	return true;
}

const char *ip_print(const union wgf_ip *ip, char out[IP_TEXT])
{
	/* Cannot fail: the families are known and IP_TEXT is longer than INET6_ADDRSTRLEN. */
	if (wgf_is_v4(ip))
		inet_ntop(AF_INET, &ip->w[3], out, IP_TEXT);
	else
		inet_ntop(AF_INET6, ip->b, out, IP_TEXT);
	return out;
}

union wgf_ip ip_mask(unsigned len)
{
	union wgf_ip mask = {.q = {0, 0}};

	for (unsigned i = 0; i < 16; i++) {
		unsigned bits = len > i * 8 ? len - i * 8 : 0;

		mask.b[i] = bits >= 8 ? 0xff : (u8)(0xff00u >> bits);
	}
	return mask;
}

union wgf_ip ip_and(const union wgf_ip *a, const union wgf_ip *b)
{
	return (union wgf_ip){.q = {a->q[0] & b->q[0], a->q[1] & b->q[1]}};
}

bool ip_equal(const union wgf_ip *a, const union wgf_ip *b)
{
	return a->q[0] == b->q[0] && a->q[1] == b->q[1];
}

static bool prefix_is_v4(const struct prefix *p)
{
	return p->len >= V4_BITS && wgf_is_v4(&p->addr);
}

/* Would an address comparison under this prefix's mask take every IPv4 address for one of it? */
static bool prefix_swallows_v4(const struct prefix *p)
{
	union wgf_ip v4 = ip_from_v4((struct in_addr){0}), mask = ip_mask(p->len);
	union wgf_ip under = ip_and(&v4, &mask);

	return p->len < V4_BITS && ip_equal(&under, &p->addr);
}

#define NO_ADDRESS "no address, one such as 192.0.2.1 or 2001:db8::1 would be right"

/* The prefix as written, host bits and all; NULL where it is one. */
static const char *prefix_scan(const char *text, struct prefix *ret)
{
	const char *slash = strchrnul(text, '/');
	size_t n = (size_t)(slash - text);
	char head[INET6_ADDRSTRLEN];
	bool is_v4;

	if (n >= sizeof(head))
		return NO_ADDRESS;
	memcpy(head, text, n);
	head[n] = '\0';
	if (!ip_parse(head, &ret->addr))
		return NO_ADDRESS;
	ret->len = 128;
	if (!*slash)
		return NULL;
	is_v4 = wgf_is_v4(&ret->addr);
	if (!decimal_parse(slash + 1, is_v4 ? 32 : 128, &ret->len))
		return is_v4 ? "no prefix, a length from /0 to /32 would be right"
			     : "no prefix, a length from /0 to /128 would be right";
	ret->len += is_v4 ? V4_BITS : 0;
	return NULL;
}

const char *prefix_parse(const char *text, struct prefix *ret, char *buf, size_t size)
{
	struct prefix p, right;
	union wgf_ip mask;
	const char *wrong = prefix_scan(text, &p);

	if (wrong)
		return wrong;
	mask = ip_mask(p.len);
	right = (struct prefix){ip_and(&p.addr, &mask), p.len};
	if (!ip_equal(&right.addr, &p.addr)) {
		char out[IP_TEXT];

		snprintf(buf, size, "host bits are set, %s would be right",
			 prefix_print(&right, out));
		return buf;
	}
	if (prefix_swallows_v4(&p))
		return "an IPv6 prefix so short would mean IPv4 too, a part of 2000::/3 or "
		       "fc00::/7 would be right";
	*ret = p;
	return NULL;
}

const char *prefix_print(const struct prefix *p, char out[IP_TEXT])
{
	size_t n = strlen(ip_print(&p->addr, out));

	if (p->len < 128)
		snprintf(out + n, IP_TEXT - n, "/%u", prefix_is_v4(p) ? p->len - V4_BITS : p->len);
	return out;
}

bool prefix_covers(const struct prefix *p, const union wgf_ip *ip)
{
	union wgf_ip mask = ip_mask(p->len), net = ip_and(&p->addr, &mask);
	union wgf_ip under = ip_and(ip, &mask);

	return prefix_is_v4(p) == wgf_is_v4(ip) && ip_equal(&under, &net);
}

bool prefix_intersect(const struct prefix *a, const struct prefix *b, struct prefix *ret)
{
	const struct prefix *narrow = a->len >= b->len ? a : b;
	const struct prefix *wide = narrow == a ? b : a;

	if (!prefix_covers(wide, &narrow->addr) || prefix_is_v4(wide) != prefix_is_v4(narrow))
		return false;
	*ret = *narrow;
	return true;
}
