/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the readers of rtnetlink messages share.
 *
 * Owns: taking a message apart, and believing none of its lengths. Pure.
 */
#ifndef WGF_RTATTR_H
#define WGF_RTATTR_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "ip.h"

/* Refuses a message about `what`. */
int rtattr_garbled(struct err *e, const char *what);

/* Attributes by type, the last of each; false where one is cut short. */
bool rtattr_all(const void *from, size_t len, const struct nlattr **ret, unsigned n);

/* The fixed part and the attributes behind it; NULL where either is cut short. */
const void *rtattr_message(const struct nlmsghdr *nlh, u16 type, size_t fixed,
			   const struct nlattr **ret, unsigned n);

/* Each is false where the attribute has another length than its kind has. */
bool rtattr_u32(const struct nlattr *a, u32 *ret);
bool rtattr_ip(const struct nlattr *a, u8 family, union wgf_ip *ret);

/* The prefix of that length (of the family) that the address lies in; false where it is too long.
 */
bool rtattr_prefix(const union wgf_ip *ip, u8 family, u8 len, struct prefix *ret);

/* Is the text this, with a final zero or without? */
bool rtattr_is(const struct nlattr *a, const char *text);

/* Those inside of it, as rtattr_all(). */
bool rtattr_nested(const struct nlattr *nest, const struct nlattr **ret, unsigned n);

#endif
