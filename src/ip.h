/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses and prefixes as text and as 16 bytes.
 *
 * Owns: reading and writing them; pure. IPv4 is v4-mapped, its prefix lengths count from 96.
 */
#ifndef WGF_IP_H
#define WGF_IP_H

#include <stdbool.h>
#include <stddef.h>

#include "facts.h"

#define IP_TEXT 64 /* room for an address, "/128" and the final zero */

struct prefix {
	union wgf_ip addr;
	unsigned len; /* 0..128; IPv4 96..128 */
};

bool ip_parse(const char *text, union wgf_ip *ret); /* strict: inet_pton's forms, no v4-mapped */
const char *ip_print(const union wgf_ip *ip, char out[IP_TEXT]);

/* The mask of a length, and the address under it. */
union wgf_ip ip_mask(unsigned len);
union wgf_ip ip_and(const union wgf_ip *a, const union wgf_ip *b);
bool ip_equal(const union wgf_ip *a, const union wgf_ip *b);

/*
 * "10.0.0.0/8", "fd00::/8", or an address alone (its full length). Returns NULL where fine, else
 * what is wrong in words, such as "host bits are set, 10.0.0.0/8 would be right" (in buf).
 */
const char *prefix_parse(const char *text, struct prefix *ret, char *buf, size_t size);
const char *prefix_print(const struct prefix *p, char out[IP_TEXT]); /* /32 and /128 left out */
bool prefix_covers(const struct prefix *p, const union wgf_ip *ip);
/* The narrower one where one lies in the other; false where they are apart. */
bool prefix_intersect(const struct prefix *a, const struct prefix *b, struct prefix *ret);

#endif
