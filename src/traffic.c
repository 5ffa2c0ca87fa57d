// SPDX-License-Identifier: GPL-2.0-only
#include "traffic.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "rtattr.h"
#include "rtnl.h"

/* Its first two pairs are all that is read: later kernels add to the end. */
int traffic_parse(struct traffic_search *s, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[IFLA_STATS64 + 1] = {NULL};
	const struct ifinfomsg *m =
		rtattr_message(nlh, RTM_NEWLINK, sizeof(*m), a, IFLA_STATS64 + 1);
	const size_t need = offsetof(struct rtnl_link_stats64, rx_errors);
	struct rtnl_link_stats64 stats;

	if (!m)
		return rtattr_garbled(e, "a link");
	if ((u32)m->ifi_index != s->ifindex)
		return 0;
	if (!a[IFLA_STATS64] || mnl_attr_get_payload_len(a[IFLA_STATS64]) < need)
		return rtattr_garbled(e, "a link");
	memcpy(&stats, mnl_attr_get_payload(a[IFLA_STATS64]), need);
	s->traffic = (struct traffic){stats.rx_bytes, stats.tx_bytes};
	s->found = true;
	return 0;
}

static int take_link(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	return traffic_parse(context, nlh, e);
}

int traffic_read(u32 ifindex, struct traffic *ret, struct err *e)
{
	const struct ifinfomsg links = {.ifi_family = AF_UNSPEC};
	struct traffic_search s = {.ifindex = ifindex};
	struct rtnl r;
	int failed;

	if (rtnl_open(&r, e))
		return -1;
	failed = rtnl_dump(&r, RTM_GETLINK, &links, sizeof(links), take_link, &s, e);
	rtnl_close(&r);
	if (failed < 0)
		return -1;
	*ret = s.traffic;
	return s.found ? 0 : err_set(e, EXIT_FAILED, "the interface is gone");
}
