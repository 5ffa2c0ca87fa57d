// SPDX-License-Identifier: GPL-2.0-only
#include "guard_parse.h"

#include <libmnl/libmnl.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "rtattr.h"

static bool is_text(const struct nlattr *a, const char *text)
{
	size_t len = strlen(text) + 1;

	return a && mnl_attr_get_payload_len(a) == len &&
	       memcmp(mnl_attr_get_payload(a), text, len) == 0;
}

int guard_parse_link(struct guard_set *s, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[IFLA_IFNAME + 1] = {NULL};
	const struct ifinfomsg *m =
		rtattr_message(nlh, RTM_NEWLINK, sizeof(*m), a, IFLA_IFNAME + 1);
	struct guard_link *l;

	if (!m)
		return rtattr_garbled(e, "a link");
	l = grown(s->links, s->n_links, sizeof(*l), e);
	if (!l)
		return -1;
	s->links = l;
	l += s->n_links++;
	*l = (struct guard_link){.ifindex = (u32)m->ifi_index,
				 .loopback = m->ifi_flags & IFF_LOOPBACK};
	if (a[IFLA_IFNAME])
		snprintf(l->name, sizeof(l->name), "%.*s", mnl_attr_get_payload_len(a[IFLA_IFNAME]),
			 (const char *)mnl_attr_get_payload(a[IFLA_IFNAME]));
	return 0;
}

int guard_parse_qdisc(struct guard_set *s, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[TCA_MAX + 1] = {NULL};
	const struct tcmsg *m = rtattr_message(nlh, RTM_NEWQDISC, sizeof(*m), a, TCA_MAX + 1);

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
int guard_parse_filter(struct guard_set *s, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[TCA_MAX + 1] = {NULL}, *b[TCA_BPF_MAX + 1] = {NULL};
	const struct tcmsg *m = rtattr_message(nlh, RTM_NEWTFILTER, sizeof(*m), a, TCA_MAX + 1);
	struct guard_filter f, *more;

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
	more = grown(s->filters, s->n_filters, sizeof(f), e);
	if (!more)
		return -1;
	s->filters = more;
	more[s->n_filters++] = f;
	return 0;
}
