/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's interfaces, their clsact qdiscs, and our filters on them.
 *
 * Owns: the messages (rtnetlink, tc). A filter of ours bears the fence's name, and no other is ever
 * changed. Must never decide where one should be.
 *
 * A clsact qdisc belongs to nobody: it only is where filters are. So where there is none it is
 * made, and it is not removed: who else puts a filter there is not asked.
 */
#ifndef WGF_GUARD_KERNEL_H
#define WGF_GUARD_KERNEL_H

#include "config.h"
#include "rtnl.h"

#define GUARD_LABEL (FENCE_NAME_MAX + 16)

struct guard_link {
	u32 ifindex;
	char name[WGF_IFNAME];
	bool loopback;
	bool clsact;
	bool ingress; /* the old ingress qdisc is in clsact's place, and has no egress */
};

struct guard_filter {
	u32 ifindex, handle;
	u32 info; /* its priority and protocol */
	u32 prog_id;
};

struct guard_set {
	char label[GUARD_LABEL]; /* which filters are ours */
	struct guard_link *links;
	struct guard_filter *filters; /* ours */
	unsigned n_links, n_filters;
};

/* All interfaces, and the filters that the fence of this name has on them. */
int guard_read(struct rtnl *nl, const char *fence, struct guard_set *ret, struct err *e);
void guard_free(struct guard_set *s);

/* Each is also fine where the interface has gone meanwhile. */
int guard_add(struct rtnl *nl, const struct guard_set *s, const struct guard_link *l, int prog,
	      struct err *e);
int guard_replace(struct rtnl *nl, const struct guard_set *s, const struct guard_filter *f,
		  int prog, struct err *e);
int guard_remove(struct rtnl *nl, const struct guard_filter *f, struct err *e);

#endif
