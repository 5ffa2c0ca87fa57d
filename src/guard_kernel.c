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

#include "rtattr.h"

#define EGRESS	   TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)
#define READ_TRIES 5
#define PRIORITIES 16 /* that are tried, from the first on */

/* Room for one more behind n; doubled at each power of two. */
static int grow(void *array, unsigned n, size_t size, struct err *e)
{
	void **a = array, *new;

	if (n & (n - 1))
		return 0;
	new = realloc(*a, (n ? 2 * (size_t)n : 1) * size);
	if (!new)
		return err_errno(e, "no memory");
	*a = new;
	return 0;
}

static bool is_text(const struct nlattr *a, const char *text)
{
	size_t len = strlen(text) + 1;

	return a && mnl_attr_get_payload_len(a) == len &&
	       memcmp(mnl_attr_get_payload(a), text, len) == 0;
}

static int take_link(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[IFLA_IFNAME + 1] = {NULL};
	const struct ifinfomsg *m =
		rtattr_message(nlh, RTM_NEWLINK, sizeof(*m), a, IFLA_IFNAME + 1);
	struct guard_set *s = context;
	struct guard_link *l;

	if (!m)
		return rtattr_garbled(e, "a link");
	if (grow(&s->links, s->n_links, sizeof(*l), e))
		return -1;
	l = &s->links[s->n_links++];
	*l = (struct guard_link){.ifindex = (u32)m->ifi_index,
				 .loopback = m->ifi_flags & IFF_LOOPBACK};
	if (a[IFLA_IFNAME])
		snprintf(l->name, sizeof(l->name), "%.*s", mnl_attr_get_payload_len(a[IFLA_IFNAME]),
			 (const char *)mnl_attr_get_payload(a[IFLA_IFNAME]));
	return 0;
}

static int take_qdisc(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[TCA_MAX + 1] = {NULL};
	const struct tcmsg *m = rtattr_message(nlh, RTM_NEWQDISC, sizeof(*m), a, TCA_MAX + 1);
	struct guard_set *s = context;

	if (!m)
		return rtattr_garbled(e, "a qdisc");
	for (unsigned i = 0; m->tcm_parent == TC_H_CLSACT && i < s->n_links; i++)
		if (s->links[i].ifindex == (u32)m->tcm_ifindex) {
			s->links[i].clsact = is_text(a[TCA_KIND], "clsact");
			s->links[i].ingress = !s->links[i].clsact;
		}
	return 0;
}

/* The kernel tells of the priority itself, too, without a filter: that has no options. */
static int take_filter(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[TCA_MAX + 1] = {NULL}, *b[TCA_BPF_MAX + 1] = {NULL};
	const struct tcmsg *m = rtattr_message(nlh, RTM_NEWTFILTER, sizeof(*m), a, TCA_MAX + 1);
	struct guard_set *s = context;
	struct guard_filter f;

	if (!m)
		return rtattr_garbled(e, "a filter");
	if (!m->tcm_handle || !is_text(a[TCA_KIND], "bpf") || !a[TCA_OPTIONS])
		return 0;
	if (!rtattr_all(mnl_attr_get_payload(a[TCA_OPTIONS]),
			mnl_attr_get_payload_len(a[TCA_OPTIONS]), b, TCA_BPF_MAX + 1))
		return rtattr_garbled(e, "a filter");
	f = (struct guard_filter){
		.ifindex = (u32)m->tcm_ifindex, .handle = m->tcm_handle, .info = m->tcm_info};
	if (!is_text(b[TCA_BPF_NAME], s->label) || !b[TCA_BPF_ID] ||
	    !rtattr_u32(b[TCA_BPF_ID], &f.prog_id))
		return 0;
	if (grow(&s->filters, s->n_filters, sizeof(f), e))
		return -1;
	s->filters[s->n_filters++] = f;
	return 0;
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
