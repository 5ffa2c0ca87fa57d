// SPDX-License-Identifier: GPL-2.0-only
#include "tc.h"

#include <errno.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_gact.h>
#include <linux/tc_act/tc_mirred.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "grow.h"
#include "rtattr.h"

#define EGRESS	   TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)
#define OPTIONS	   128 /* more attributes than any kind has */
#define READ_TRIES 5

/* Under which attribute each kind of filter has its actions. */
static const struct {
	const char *kind;
	u16 actions;
} kinds[] = {
	{"basic", TCA_BASIC_ACT}, {"bpf", TCA_BPF_ACT},	      {"cgroup", TCA_CGROUP_ACT},
	{"flow", TCA_FLOW_ACT},	  {"flower", TCA_FLOWER_ACT}, {"fw", TCA_FW_ACT},
	{"u32", TCA_U32_ACT},	  {"route", TCA_ROUTE4_ACT},  {"matchall", TCA_MATCHALL_ACT},
};

static void read_text(const struct nlattr *a, char *ret, size_t size)
{
	snprintf(ret, size, "%.*s", mnl_attr_get_payload_len(a),
		 (const char *)mnl_attr_get_payload(a));
}

static bool read_mirred(const struct nlattr *options, struct tc_filter *f)
{
	const struct nlattr *a[TCA_MIRRED_MAX + 1] = {NULL};
	struct tc_mirred m;

	if (!rtattr_nested(options, a, TCA_MIRRED_MAX + 1) || !a[TCA_MIRRED_PARMS] ||
	    mnl_attr_get_payload_len(a[TCA_MIRRED_PARMS]) < sizeof(m))
		return false;
	memcpy(&m, mnl_attr_get_payload(a[TCA_MIRRED_PARMS]), sizeof(m));
	/* Of several the device is 0, which is none. */
	f->device = f->sends_elsewhere && f->device != m.ifindex ? 0 : m.ifindex;
	f->sends_elsewhere = true;
	return true;
}

static bool read_gact(const struct nlattr *options, struct tc_filter *f)
{
	const struct nlattr *a[TCA_GACT_MAX + 1] = {NULL};
	struct tc_gact g;

	if (!rtattr_nested(options, a, TCA_GACT_MAX + 1) || !a[TCA_GACT_PARMS] ||
	    mnl_attr_get_payload_len(a[TCA_GACT_PARMS]) < sizeof(g))
		return false;
	memcpy(&g, mnl_attr_get_payload(a[TCA_GACT_PARMS]), sizeof(g));
	f->only_drops = g.action == TC_ACT_SHOT;
	return true;
}

static bool read_action(const struct nlattr *action, struct tc_filter *f)
{
	const struct nlattr *a[TCA_ACT_MAX + 1] = {NULL};

	if (!rtattr_nested(action, a, TCA_ACT_MAX + 1) || !a[TCA_ACT_KIND])
		return false;
	if (rtattr_is(a[TCA_ACT_KIND], "bpf"))
		f->program = true;
	if (!a[TCA_ACT_OPTIONS])
		return true;
	if (rtattr_is(a[TCA_ACT_KIND], "mirred"))
		return read_mirred(a[TCA_ACT_OPTIONS], f);
	return !rtattr_is(a[TCA_ACT_KIND], "gact") || read_gact(a[TCA_ACT_OPTIONS], f);
}

/*
 * u32 also tells of its hash tables, which have no number of a filter in them. (And it keeps both
 * directions of a clsact in one place: where it has the same priority in both, the kernel tells of
 * both as of either.)
 */
static bool is_table(u32 handle, const char *kind)
{
	return strcmp(kind, "u32") == 0 && !(handle & 0xfff);
}

/* What drops alone has one action, and that drops. */
static bool read_actions(const struct nlattr *actions, struct tc_filter *f)
{
	const struct nlattr *a;
	unsigned n = 0;

	mnl_attr_for_each_nested(a, actions)
	{
		n++;
		if (!read_action(a, f))
			return false;
	}
	f->only_drops = f->only_drops && n == 1;
	return true;
}

static bool read_options(const struct nlattr *options, struct tc_filter *f)
{
	const struct nlattr *a[OPTIONS] = {NULL};

	if (!rtattr_nested(options, a, OPTIONS))
		return false;
	f->program = strcmp(f->kind, "bpf") == 0;
	if (f->program && a[TCA_BPF_NAME])
		read_text(a[TCA_BPF_NAME], f->label, sizeof(f->label));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(f->kind, kinds[i].kind) == 0 && a[kinds[i].actions])
			return read_actions(a[kinds[i].actions], f);
	return true;
}

int tc_parse(const struct nlmsghdr *nlh, struct tc_filter *ret, struct err *e)
{
	const struct nlattr *a[TCA_MAX + 1] = {NULL};
	const struct tcmsg *m = rtattr_message(nlh, RTM_NEWTFILTER, sizeof(*m), a, TCA_MAX + 1);

	if (!m)
		return rtattr_garbled(e, "a filter");
	if (!m->tcm_handle || !a[TCA_KIND] || !a[TCA_OPTIONS])
		return 0;
	*ret = (struct tc_filter){
		.parent = m->tcm_parent, .info = m->tcm_info, .handle = m->tcm_handle};
	read_text(a[TCA_KIND], ret->kind, sizeof(ret->kind));
	if (is_table(ret->handle, ret->kind))
		return 0;
	if ((a[TCA_CHAIN] && !rtattr_u32(a[TCA_CHAIN], &ret->chain)) ||
	    !read_options(a[TCA_OPTIONS], ret))
		return rtattr_garbled(e, "a filter");
	return 1;
}

static int take(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	struct tc_filters *all = context;
	struct tc_filter f, *more;
	int parsed = tc_parse(nlh, &f, e);

	if (parsed <= 0)
		return parsed;
	more = grown(all->v, all->n, sizeof(*more), e);
	if (!more)
		return -1;
	all->v = more;
	more[all->n++] = f;
	return 0;
}

/* Where there is no clsact, or nothing at all (EINVAL, EOPNOTSUPP), there are no filters. */
static int read_parent(struct rtnl *nl, u32 ifindex, u32 parent, struct tc_filters *ret,
		       struct err *e)
{
	const struct tcmsg m = {
		.tcm_family = AF_UNSPEC, .tcm_ifindex = (int)ifindex, .tcm_parent = parent};

	if (rtnl_dump(nl, RTM_GETTFILTER, &m, sizeof(m), take, ret, e) == 0)
		return 0;
	return nl->error == EINVAL || nl->error == EOPNOTSUPP || nl->error == ENODEV ? 0 : -1;
}

/* Parent 0 means the root qdisc. */
int tc_read(struct rtnl *nl, u32 ifindex, struct tc_filters *ret, struct err *e)
{
	for (int i = 1;; i++) {
		int r;

		*ret = (struct tc_filters){.n = 0};
		nl->interrupted = false;
		r = read_parent(nl, ifindex, EGRESS, ret, e) || read_parent(nl, ifindex, 0, ret, e);
		if (!r && !nl->interrupted)
			return 0;
		tc_free(ret);
		if (r || i == READ_TRIES)
			return r ? -1
				 : err_set(e, EXIT_FAILED,
					   "the filters change faster than they are read");
	}
}

void tc_free(struct tc_filters *f)
{
	free(f->v);
	*f = (struct tc_filters){.n = 0};
}
