// SPDX-License-Identifier: GPL-2.0-only
#include "guard_kernel.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "guard_parse.h"

#define EGRESS	   TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)
#define READ_TRIES 5
#define PRIORITIES 16 /* that are tried, from the first on */

static int take_link(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	return guard_parse_link(context, nlh, e);
}

static int take_qdisc(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	return guard_parse_qdisc(context, nlh, e);
}

static int take_filter(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	return guard_parse_filter(context, nlh, e);
}

/* Filters are told of an interface at a time. One without clsact has none at egress. */
static int read_filters(struct rtnl *nl, struct guard_set *s, struct err *e)
{
	for (unsigned i = 0; i < s->n_links; i++) {
		const struct tcmsg m = {.tcm_ifindex = (int)s->links[i].ifindex,
					.tcm_parent = EGRESS};

		if (s->links[i].clsact &&
		    rtnl_dump(nl, RTM_GETTFILTER, &m, sizeof(m), take_filter, s, e))
			return -1;
	}
	return 0;
}

/* What failed is as good as done. */
static int forgive(struct err *e)
{
	e->text[0] = '\0';
	return 0;
}

static int read_once(struct rtnl *nl, const char *fence, struct guard_set *ret, struct err *e)
{
	const struct ifinfomsg links = {.ifi_family = AF_UNSPEC};
	const struct tcmsg qdiscs = {.tcm_family = AF_UNSPEC};

	*ret = (struct guard_set){.n_links = 0};
	snprintf(ret->label, sizeof(ret->label), "wgfence:%s", fence);
	if (rtnl_dump(nl, RTM_GETLINK, &links, sizeof(links), take_link, ret, e) == 0) {
		if (rtnl_dump(nl, RTM_GETQDISC, &qdiscs, sizeof(qdiscs), take_qdisc, ret, e) == 0)
			return read_filters(nl, ret, e);
		/* A kernel without any qdiscs. */
		if (nl->error == EOPNOTSUPP)
			return forgive(e);
	}
	return -1;
}

void guard_free(struct guard_set *s)
{
	free(s->links);
	free(s->filters);
	*s = (struct guard_set){.n_links = 0};
}

/* Anew where interfaces came and went meanwhile: one may be missing then, or there twice. */
int guard_read(struct rtnl *nl, const char *fence, struct guard_set *ret, struct err *e)
{
	for (int i = 1;; i++) {
		int r;

		nl->interrupted = false;
		r = read_once(nl, fence, ret, e);
		if (r || !nl->interrupted || i == READ_TRIES)
			return r;
		guard_free(ret);
	}
}

/* The interface has gone meanwhile. */
static int forgive_gone(const struct rtnl *nl, struct err *e)
{
	return nl->error == ENODEV ? forgive(e) : -1;
}

static struct tcmsg *put_head(struct nlmsghdr *nlh, u16 type, u16 flags, u32 ifindex)
{
	struct tcmsg *m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	m->tcm_family = AF_UNSPEC;
	m->tcm_ifindex = (int)ifindex;
	return m;
}

static int add_clsact(struct rtnl *nl, const struct guard_link *l, struct err *e)
{
	char buf[256] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct tcmsg *m = put_head(nlh, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, l->ifindex);

	if (l->ingress)
		return err_set(e, EXIT_UNSUPPORTED,
			       "an ingress qdisc is where a clsact should be (tc qdisc del dev %s "
			       "ingress)",
			       l->name);
	m->tcm_parent = TC_H_CLSACT;
	m->tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0);
	mnl_attr_put_strz(nlh, TCA_KIND, "clsact");
	if (rtnl_change(nl, nlh, e) == 0)
		return 0;
	if (nl->error == ENOENT || nl->error == EOPNOTSUPP)
		return err_set(e, EXIT_UNSUPPORTED,
			       "this kernel has no clsact (CONFIG_NET_SCH_INGRESS)");
	return nl->error == EEXIST ? forgive(e) : forgive_gone(nl, e);
}

/* direct-action: the program's answer is the filter's. Whatever it is, it comes after tcx. */
static int put_filter(struct rtnl *nl, const struct guard_set *s, const struct guard_filter *f,
		      u16 flags, int prog, struct err *e)
{
	char buf[512] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct tcmsg *m = put_head(nlh, RTM_NEWTFILTER, flags, f->ifindex);
	struct nlattr *options;

	m->tcm_parent = EGRESS;
	m->tcm_info = f->info;
	m->tcm_handle = f->handle;
	mnl_attr_put_strz(nlh, TCA_KIND, "bpf");
	options = mnl_attr_nest_start(nlh, TCA_OPTIONS);
	mnl_attr_put_u32(nlh, TCA_BPF_FD, (u32)prog);
	mnl_attr_put_strz(nlh, TCA_BPF_NAME, s->label);
	mnl_attr_put_u32(nlh, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	mnl_attr_nest_end(nlh, options);
	return rtnl_change(nl, nlh, e);
}

/*
 * Before all others, where nobody has another kind of filter there: the kernel then refuses with
 * EINVAL, and it comes behind that. The kernel chooses the handle.
 */
int guard_add(struct rtnl *nl, const struct guard_set *s, const struct guard_link *l, int prog,
	      struct err *e)
{
	struct guard_filter f = {.ifindex = l->ifindex};

	if (!l->clsact && add_clsact(nl, l, e))
		return -1;
	for (u32 priority = 1; priority <= PRIORITIES; priority++) {
		f.info = TC_H_MAKE(priority << 16, WGF_BE16(ETH_P_ALL));
		if (put_filter(nl, s, &f, NLM_F_CREATE | NLM_F_EXCL, prog, e) == 0)
			return 0;
		if (nl->error != EINVAL)
			break;
	}
	if (nl->error == ENOENT || nl->error == EOPNOTSUPP)
		return err_set(e, EXIT_UNSUPPORTED,
			       "this kernel has no programs in tc (CONFIG_NET_CLS_BPF)");
	return forgive_gone(nl, e);
}

int guard_replace(struct rtnl *nl, const struct guard_set *s, const struct guard_filter *f,
		  int prog, struct err *e)
{
	return put_filter(nl, s, f, NLM_F_CREATE | NLM_F_REPLACE, prog, e) ? forgive_gone(nl, e)
									   : 0;
}

int guard_remove(struct rtnl *nl, const struct guard_filter *f, struct err *e)
{
	char buf[256] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct tcmsg *m = put_head(nlh, RTM_DELTFILTER, 0, f->ifindex);

	m->tcm_parent = EGRESS;
	m->tcm_info = f->info;
	m->tcm_handle = f->handle;
	mnl_attr_put_strz(nlh, TCA_KIND, "bpf");
	if (rtnl_change(nl, nlh, e) == 0)
		return 0;
	/* Somebody else removed it, or all of them, first. */
	return nl->error == ENOENT || nl->error == EINVAL ? forgive(e) : forgive_gone(nl, e);
}
