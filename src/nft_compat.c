// SPDX-License-Identifier: GPL-2.0-only
/*
 * What iptables puts into nf_tables as it is (nft_compat): structures of its own.
 *
 * Owns: their layouts, which are the kernel's interface. Pure.
 */
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/xt_rpfilter.h>
#include <string.h>

#include "nft_attr.h"
#include "rtattr.h"

/* As much as there is of a fixed size; the kernel may pad it. */
static bool read_info(const struct nlattr *a, void *ret, size_t size)
{
	if (!a || mnl_attr_get_payload_len(a) < size)
		return false;
	memcpy(ret, mnl_attr_get_payload(a), size);
	return true;
}

static void set_to(struct nft_rule *r, const void *ip)
{
	bool ipv4 = r->family == NFPROTO_IPV4;

	memset(&r->seen.to, 0, sizeof(r->seen.to));
	r->seen.to.h[5] = ipv4 ? 0xffff : 0;
	memcpy(&r->seen.to.b[ipv4 ? 12 : 0], ip, ipv4 ? 4 : 16);
	r->seen.has_to = true;
}

/* struct xt_tee_tginfo: the kernel's own pointer behind it is none of it. */
static bool read_tee(struct nft_rule *r, const struct nlattr *info)
{
	struct {
		union nf_inet_addr gateway;
		char device[WGF_IFNAME];
	} tee;

	if (!read_info(info, &tee, sizeof(tee)))
		return false;
	set_to(r, &tee.gateway);
	memcpy(r->seen.device_name, tee.device, sizeof(tee.device) - 1);
	return nft_add_act(r, NFT_COPIES);
}

static bool add_translation(struct nft_rule *r, u32 flags, const void *ip, u16 port)
{
	if (!(flags & NF_NAT_RANGE_PROTO_SPECIFIED))
		return true;
	if (flags & NF_NAT_RANGE_MAP_IPS)
		set_to(r, ip);
	r->seen.port = WGF_BE16(port);
	return nft_add_act(r, NFT_TRANSLATES);
}

/* The first form is of IPv4 alone, and REDIRECT has no other there. */
static bool read_nat(struct nft_rule *r, const struct nlattr *info, u32 revision)
{
	struct nf_nat_ipv4_multi_range_compat first;
	struct nf_nat_range range;

	if (r->family == NFPROTO_IPV4 && revision == 0)
		return read_info(info, &first, sizeof(first)) &&
		       add_translation(r, first.range[0].flags, &first.range[0].min_ip,
				       first.range[0].min.all);
	return read_info(info, &range, sizeof(range)) &&
	       add_translation(r, range.flags, &range.min_addr, range.min_proto.all);
}

bool nft_compat_target(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_TARGET_MAX + 1] = {NULL};
	u32 revision = 0;

	if (!rtattr_nested(data, a, NFTA_TARGET_MAX + 1) || !a[NFTA_TARGET_NAME] ||
	    (a[NFTA_TARGET_REV] && !nft_u32(a[NFTA_TARGET_REV], &revision)))
		return false;
	if (rtattr_is(a[NFTA_TARGET_NAME], "TEE"))
		return read_tee(r, a[NFTA_TARGET_INFO]);
	if (rtattr_is(a[NFTA_TARGET_NAME], "REDIRECT") || rtattr_is(a[NFTA_TARGET_NAME], "DNAT"))
		return read_nat(r, a[NFTA_TARGET_INFO], revision);
	return true;
}

bool nft_compat_match(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_MATCH_MAX + 1] = {NULL};
	struct xt_rpfilter_info info;

	if (!rtattr_nested(data, a, NFTA_MATCH_MAX + 1) || !a[NFTA_MATCH_NAME])
		return false;
	if (!rtattr_is(a[NFTA_MATCH_NAME], "rpfilter")) {
		r->seen.narrow |= !rtattr_is(a[NFTA_MATCH_NAME], "comment");
		return true;
	}
	if (!read_info(a[NFTA_MATCH_INFO], &info, sizeof(info)))
		return false;
	return info.flags & XT_RPFILTER_LOOSE || nft_add_act(r, NFT_LOOKS_BACK);
}
