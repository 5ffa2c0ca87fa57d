/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From messages of rtnetlink and tc to the interfaces and our filters on them.
 *
 * Owns: reading what the kernel wrote, and believing none of its lengths. Pure: a message in, an
 * entry more in the set. A filter that does not bear the set's label is nobody's business.
 */
#ifndef WGF_GUARD_PARSE_H
#define WGF_GUARD_PARSE_H

#include <linux/netlink.h>

#include "guard_kernel.h"

int guard_parse_link(struct guard_set *s, const struct nlmsghdr *nlh, struct err *e);
/* Of interfaces that are in the set already. */
int guard_parse_qdisc(struct guard_set *s, const struct nlmsghdr *nlh, struct err *e);
int guard_parse_filter(struct guard_set *s, const struct nlmsghdr *nlh, struct err *e);

#endif
