// SPDX-License-Identifier: GPL-2.0-only
/*
 * The expressions of a rule of nf_tables.
 *
 * Owns: which of them are of interest, and believing none of their lengths. Pure.
 */
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <string.h>

#include "nft_attr.h"
#include "rtattr.h"

/* Something is loaded that is not read here, perhaps over what was. */
static void forget(struct nft_rule *r)
{
	memset(r->known, 0, sizeof(r->known));
	r->meta_key = r->meta_register = 0;
}

static bool read_verdict(struct nft_rule *r, const struct nlattr *verdict)
{
	const struct nlattr *a[NFTA_VERDICT_MAX + 1] = {NULL};

	u32 code;

	if (!rtattr_nested(verdict, a, NFTA_VERDICT_MAX + 1) || !a[NFTA_VERDICT_CODE] ||
	    !nft_u32(a[NFTA_VERDICT_CODE], &code))
		return false;
	if (a[NFTA_VERDICT_CHAIN])
		return nft_text(a[NFTA_VERDICT_CHAIN], r->seen.target, NFT_NAME) &&
		       nft_add_act(r, NFT_JUMPS);
	if (r->seen.narrow || !r->seen.in.asked || (code != NF_ACCEPT && code != (u32)NFT_RETURN))
		return true;
	return nft_add_act(r, NFT_PASSES);
}

static bool read_immediate(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_IMMEDIATE_MAX + 1] = {NULL}, *b[NFTA_DATA_MAX + 1] = {NULL};
	u32 reg;

	if (!rtattr_nested(data, a, NFTA_IMMEDIATE_MAX + 1) || !a[NFTA_IMMEDIATE_DREG] ||
	    !nft_u32(a[NFTA_IMMEDIATE_DREG], &reg) || !a[NFTA_IMMEDIATE_DATA] ||
	    !rtattr_nested(a[NFTA_IMMEDIATE_DATA], b, NFTA_DATA_MAX + 1))
		return false;
	if (b[NFTA_DATA_VERDICT])
		return read_verdict(r, b[NFTA_DATA_VERDICT]);
	if (b[NFTA_DATA_VALUE])
		nft_store(r, reg, mnl_attr_get_payload(b[NFTA_DATA_VALUE]),
			  mnl_attr_get_payload_len(b[NFTA_DATA_VALUE]));
	return true;
}

/* A map of verdicts: where it leads stands in its elements. */
static bool read_lookup(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_LOOKUP_MAX + 1] = {NULL};
	u32 reg;

	if (!rtattr_nested(data, a, NFTA_LOOKUP_MAX + 1))
		return false;
	if (!a[NFTA_LOOKUP_DREG]) {
		r->seen.narrow = true;
		return true;
	}
	if (!nft_u32(a[NFTA_LOOKUP_DREG], &reg))
		return false;
	if (reg != NFT_REG_VERDICT) {
		forget(r);
		return true;
	}
	r->seen.target[0] = '\0';
	return nft_add_act(r, NFT_JUMPS);
}

static bool read_meta(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_META_MAX + 1] = {NULL};

	forget(r);
	if (!rtattr_nested(data, a, NFTA_META_MAX + 1))
		return false;
	return !a[NFTA_META_DREG] || (a[NFTA_META_KEY] && nft_u32(a[NFTA_META_KEY], &r->meta_key) &&
				      nft_u32(a[NFTA_META_DREG], &r->meta_register));
}

static void ask_device(struct nft_device *d, bool by_name, bool inverted,
		       const struct nlattr *value)
{
	size_t len = mnl_attr_get_payload_len(value);

	if (by_name ? len > WGF_IFNAME : len != sizeof(d->ifindex))
		return;
	*d = (struct nft_device){.asked = true, .inverted = inverted, .by_name = by_name};
	if (by_name) {
		d->len = (u8)len;
		memcpy(d->name, mnl_attr_get_payload(value), len);
	} else {
		memcpy(&d->ifindex, mnl_attr_get_payload(value), len);
	}
}

/* What is compared with an interface that was loaded just before. */
static bool read_compare(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_CMP_MAX + 1] = {NULL}, *b[NFTA_DATA_MAX + 1] = {NULL};
	u32 reg, op, key = r->meta_key;
	bool known;

	if (!rtattr_nested(data, a, NFTA_CMP_MAX + 1) || !a[NFTA_CMP_SREG] || !a[NFTA_CMP_OP] ||
	    !a[NFTA_CMP_DATA] || !nft_u32(a[NFTA_CMP_SREG], &reg) ||
	    !nft_u32(a[NFTA_CMP_OP], &op) || !rtattr_nested(a[NFTA_CMP_DATA], b, NFTA_DATA_MAX + 1))
		return false;
	known = reg == r->meta_register && op <= NFT_CMP_NEQ && b[NFTA_DATA_VALUE];
	if (known && (key == NFT_META_OIF || key == NFT_META_OIFNAME))
		ask_device(&r->seen.out, key == NFT_META_OIFNAME, op == NFT_CMP_NEQ,
			   b[NFTA_DATA_VALUE]);
	else if (known && (key == NFT_META_IIF || key == NFT_META_IIFNAME))
		ask_device(&r->seen.in, key == NFT_META_IIFNAME, op == NFT_CMP_NEQ,
			   b[NFTA_DATA_VALUE]);
	else
		r->seen.narrow = true;
	return true;
}

/* An address by the family that the register is of. */
static void read_to(struct nft_rule *r, const struct nlattr *reg, bool ipv4)
{
	union wgf_ip ip = {.h = {[5] = ipv4 ? 0xffff : 0}};

	r->seen.has_to = nft_register(r, reg, &ip.b[ipv4 ? 12 : 0], ipv4 ? 4 : 16);
	r->seen.to = ip;
}

static bool read_dup(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_DUP_MAX + 1] = {NULL};

	if (!rtattr_nested(data, a, NFTA_DUP_MAX + 1))
		return false;
	r->seen.device = 0;
	nft_register(r, a[NFTA_DUP_SREG_DEV], &r->seen.device, sizeof(r->seen.device));
	read_to(r, a[NFTA_DUP_SREG_ADDR], r->family == NFPROTO_IPV4);
	return nft_add_act(r, NFT_COPIES);
}

static bool read_fwd(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_FWD_MAX + 1] = {NULL};

	if (!rtattr_nested(data, a, NFTA_FWD_MAX + 1))
		return false;
	r->seen.device = 0;
	nft_register(r, a[NFTA_FWD_SREG_DEV], &r->seen.device, sizeof(r->seen.device));
	return nft_add_act(r, NFT_FORWARDS);
}

static bool add_port(struct nft_rule *r, const struct nlattr *reg)
{
	u16 port;

	if (!nft_register(r, reg, &port, sizeof(port)))
		return true;
	r->seen.port = WGF_BE16(port);
	return nft_add_act(r, NFT_TRANSLATES);
}

static bool read_redir(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_REDIR_MAX + 1] = {NULL};

	if (!rtattr_nested(data, a, NFTA_REDIR_MAX + 1))
		return false;
	r->seen.has_to = false;
	return add_port(r, a[NFTA_REDIR_REG_PROTO_MIN]);
}

/* Where it is a map that says to whom, it is not known, and mostly a container. */
static bool read_nat(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_NAT_MAX + 1] = {NULL};
	u32 type, family;

	if (!rtattr_nested(data, a, NFTA_NAT_MAX + 1) || !a[NFTA_NAT_TYPE] || !a[NFTA_NAT_FAMILY] ||
	    !nft_u32(a[NFTA_NAT_TYPE], &type) || !nft_u32(a[NFTA_NAT_FAMILY], &family))
		return false;
	if (type != NFT_NAT_DNAT)
		return true;
	read_to(r, a[NFTA_NAT_REG_ADDR_MIN], family == NFPROTO_IPV4);
	if (a[NFTA_NAT_REG_ADDR_MIN] && !r->seen.has_to)
		return true;
	return add_port(r, a[NFTA_NAT_REG_PROTO_MIN]);
}

/* Without NFTA_FIB_F_IIF any route back is enough. */
static bool read_fib(struct nft_rule *r, const struct nlattr *data)
{
	const struct nlattr *a[NFTA_FIB_MAX + 1] = {NULL};
	u32 result, flags;

	if (!rtattr_nested(data, a, NFTA_FIB_MAX + 1) || !a[NFTA_FIB_RESULT] ||
	    !a[NFTA_FIB_FLAGS] || !nft_u32(a[NFTA_FIB_RESULT], &result) ||
	    !nft_u32(a[NFTA_FIB_FLAGS], &flags))
		return false;
	if (result == NFT_FIB_RESULT_ADDRTYPE || !(flags & NFTA_FIB_F_SADDR) ||
	    !(flags & NFTA_FIB_F_IIF))
		return true;
	return nft_add_act(r, NFT_LOOKS_BACK);
}

static const struct {
	const char *name;
	bool (*read)(struct nft_rule *r, const struct nlattr *data);
} expressions[] = {
	{"immediate", read_immediate}, {"lookup", read_lookup},	    {"meta", read_meta},
	{"cmp", read_compare},	       {"dup", read_dup},	    {"fwd", read_fwd},
	{"redir", read_redir},	       {"nat", read_nat},	    {"fib", read_fib},
	{"target", nft_compat_target}, {"match", nft_compat_match},
};

bool nft_parse_expression(struct nft_rule *r, const struct nlattr *expression)
{
	const struct nlattr *a[NFTA_EXPR_MAX + 1] = {NULL};

	if (!rtattr_nested(expression, a, NFTA_EXPR_MAX + 1) || !a[NFTA_EXPR_NAME])
		return false;
	for (size_t i = 0; a[NFTA_EXPR_DATA] && i < sizeof(expressions) / sizeof(*expressions); i++)
		if (rtattr_is(a[NFTA_EXPR_NAME], expressions[i].name))
			return expressions[i].read(r, a[NFTA_EXPR_DATA]);
	if (rtattr_is(a[NFTA_EXPR_NAME], "counter") || rtattr_is(a[NFTA_EXPR_NAME], "log"))
		return true;
	forget(r);
	r->seen.narrow = true;
	return true;
}
