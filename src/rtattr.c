// SPDX-License-Identifier: GPL-2.0-only
#include "rtattr.h"

#include <libmnl/libmnl.h>
#include <string.h>
#include <sys/socket.h>

int rtattr_garbled(struct err *e, const char *what)
{
	return err_set(e, EXIT_FAILED, "rtnetlink: a message about %s that cannot be read", what);
}

/* Attributes by type, the last of each; false where one is cut short. */
bool rtattr_all(const void *from, size_t len, const struct nlattr **ret, unsigned n)
{
	const char *end = (const char *)from + len;
	const struct nlattr *a = from;

	for (; mnl_attr_ok(a, (int)(end - (const char *)a)); a = mnl_attr_next(a))
		if (mnl_attr_get_type(a) < n)
			ret[mnl_attr_get_type(a)] = a;
	return (const char *)a >= end;
}

/* The fixed part and the attributes behind it; NULL where either is cut short. */
const void *rtattr_message(const struct nlmsghdr *nlh, u16 type, size_t fixed,
			   const struct nlattr **ret, unsigned n)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh), head = MNL_ALIGN(fixed);
	const char *payload = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_type != type || len < fixed)
		return NULL;
	return len <= head || rtattr_all(payload + head, len - head, ret, n) ? payload : NULL;
}

bool rtattr_u32(const struct nlattr *a, u32 *ret)
{
	if (mnl_attr_get_payload_len(a) != sizeof(*ret))
		return false;
	memcpy(ret, mnl_attr_get_payload(a), sizeof(*ret));
	return true;
}

bool rtattr_ip(const struct nlattr *a, u8 family, union wgf_ip *ret)
{
	size_t len = family == AF_INET ? 4 : 16;

	if (mnl_attr_get_payload_len(a) != len)
		return false;
	memset(ret, 0, sizeof(*ret));
	if (family == AF_INET)
		ret->h[5] = 0xffff;
	memcpy(&ret->b[16 - len], mnl_attr_get_payload(a), len);
	return true;
}

bool rtattr_prefix(const union wgf_ip *ip, u8 family, u8 len, struct prefix *ret)
{
	union wgf_ip mask;

	if (len > (family == AF_INET ? 32 : 128))
		return false;
	ret->len = family == AF_INET ? 96U + len : len;
	mask = ip_mask(ret->len);
	ret->addr = ip_and(ip, &mask);
	return true;
}

bool rtattr_is(const struct nlattr *a, const char *text)
{
	size_t len = strlen(text);

	return strnlen(mnl_attr_get_payload(a), mnl_attr_get_payload_len(a)) == len &&
	       memcmp(mnl_attr_get_payload(a), text, len) == 0;
}

bool rtattr_nested(const struct nlattr *a, const struct nlattr **ret, unsigned n)
{
	return rtattr_all(mnl_attr_get_payload(a), mnl_attr_get_payload_len(a), ret, n);
}
