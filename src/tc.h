/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traffic control: the filters that see what leaves by an interface, whosever they are.
 *
 * Owns: reading them, in the order in which the kernel asks them, and what of their actions sends
 * packets elsewhere. Must never change one (guard_kernel.c keeps ours).
 */
#ifndef WGF_TC_H
#define WGF_TC_H

#include "rtnl.h"

#define TC_KIND	 16
#define TC_LABEL 128

struct tc_filter {
	u32 parent, info, handle, chain;
	char kind[TC_KIND];
	char label[TC_LABEL]; /* of a program's filter */
	bool program;	      /* it is one, or has one as action: it can do anything */
	bool sends_elsewhere; /* or a copy, by `device` */
	bool only_drops;
	u32 device;
};

struct tc_filters {
	struct tc_filter *v;
	unsigned n;
};

/* At clsact egress, and at the root qdisc, of one interface. */
int tc_read(struct rtnl *nl, u32 ifindex, struct tc_filters *ret, struct err *e);
void tc_free(struct tc_filters *f);

/* Pure: 1 a filter, 0 none (the kernel also tells of a priority without a filter), -1 e. */
int tc_parse(const struct nlmsghdr *nlh, struct tc_filter *ret, struct err *e);

static inline u32 tc_priority(const struct tc_filter *f)
{
	return f->info >> 16;
}

#endif
