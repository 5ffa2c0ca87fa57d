// SPDX-License-Identifier: GPL-2.0-only
#include "nft_attr.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"

bool nft_u32(const struct nlattr *a, u32 *ret)
{
	if (!rtattr_u32(a, ret))
		return false;
	*ret = WGF_BE32(*ret);
	return true;
}

bool nft_u64(const struct nlattr *a, u64 *ret)
{
	if (mnl_attr_get_payload_len(a) != sizeof(*ret))
		return false;
	memcpy(ret, mnl_attr_get_payload(a), sizeof(*ret));
	*ret = WGF_BE64(*ret);
	return true;
}

bool nft_text(const struct nlattr *a, char *ret, size_t size)
{
	size_t len = strnlen(mnl_attr_get_payload(a), mnl_attr_get_payload_len(a));

	if (len >= size)
		return false;
	memcpy(ret, mnl_attr_get_payload(a), len);
	ret[len] = '\0';
	return true;
}

/* Both numberings are of the same 64 bytes (nft_parse_register()). */
static bool place_of(u32 reg, size_t size, size_t *ret)
{
	if (reg >= NFT_REG_1 && reg <= NFT_REG_4)
		*ret = (size_t)(reg - NFT_REG_1) * NFT_REG_SIZE;
	else if (reg >= NFT_REG32_00 && reg <= NFT_REG32_15)
		*ret = (size_t)(reg - NFT_REG32_00) * NFT_REG32_SIZE;
	else
		return false;
	return *ret + size <= sizeof(((struct nft_rule *)0)->data);
}

bool nft_register(const struct nft_rule *r, const struct nlattr *a, void *ret, size_t size)
{
	size_t at;
	u32 reg;

	if (!a || !nft_u32(a, &reg) || !place_of(reg, size, &at))
		return false;
	for (size_t i = 0; i < size; i++)
		if (!r->known[at + i])
			return false;
	memcpy(ret, r->data + at, size);
	return true;
}

void nft_store(struct nft_rule *r, u32 reg, const void *value, size_t size)
{
	size_t at;

	if (!place_of(reg, size, &at))
		return;
	memcpy(r->data + at, value, size);
	memset(r->known + at, 1, size);
}

bool nft_add_act(struct nft_rule *r, enum nft_act_kind kind)
{
	struct nft_act *more = grown(r->n->acts, r->n->n_acts, sizeof(*more), r->e);

	if (!more)
		return false;
	r->n->acts = more;
	r->seen.kind = kind;
	more[r->n->n_acts++] = r->seen;
	return true;
}

/* A final zero that is compared, too, makes the name exact; without it, it is how a name begins. */
bool nft_allows(const struct nft_device *d, u32 ifindex, const char *name)
{
	char padded[WGF_IFNAME] = "";
	bool same;

	if (!d->asked)
		return true;
	memcpy(padded, name, strnlen(name, WGF_IFNAME - 1));
	same = d->by_name ? memcmp(padded, d->name, d->len) == 0 : d->ifindex == ifindex;
	return same != d->inverted;
}
