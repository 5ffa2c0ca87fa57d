// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's WireGuard, by generic netlink.
 *
 * Owns: its dialogue, and believing none of its lengths. A device comes in as many messages as its
 * peers take; a peer, too, may go on in the next one.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/wireguard.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wg.h"

#define PIECE 65536

struct dialogue {
	struct mnl_socket *nl;
	char *piece;
	u32 seq;
	u16 family;
	struct wg *wg;
	struct err *e;
};

static int parse_allowed(const struct nlattr *allowed, struct wg *ret)
{
	const struct nlattr *a;
	struct prefix p = {.len = 0};
	const u8 *address = NULL;
	unsigned size = 0, len = 0;

	mnl_attr_for_each_nested(a, allowed)
	{
		switch (mnl_attr_get_type(a)) {
		case WGALLOWEDIP_A_IPADDR:
			address = mnl_attr_get_payload(a);
			size = mnl_attr_get_payload_len(a);
			break;
		case WGALLOWEDIP_A_CIDR_MASK:
			if (mnl_attr_validate(a, MNL_TYPE_U8) < 0)
				return -1;
			len = mnl_attr_get_u8(a);
			break;
		}
	}
	if (!address || (size != 4 && size != 16) || len > size * 8)
		return -1;
	p.addr.h[5] = size == 4 ? 0xffff : 0;
	memcpy(p.addr.b + 16 - size, address, size);
	p.len = 128 - size * 8 + len;
	wg_allow(ret, &p);
	return 0;
}

static int parse_peer(const struct nlattr *peer, struct wg *ret)
{
	const struct nlattr *a, *allowed;
	long long at; /* the seconds of a struct __kernel_timespec */

	mnl_attr_for_each_nested(a, peer)
	{
		switch (mnl_attr_get_type(a)) {
		case WGPEER_A_LAST_HANDSHAKE_TIME:
			if (mnl_attr_get_payload_len(a) < sizeof(at))
				return -1;
			memcpy(&at, mnl_attr_get_payload(a), sizeof(at));
			if (at > 0 && (u64)at > ret->handshake)
				ret->handshake = (u64)at;
			break;
		case WGPEER_A_ALLOWEDIPS:
			mnl_attr_for_each_nested(allowed,
						 a) if (parse_allowed(allowed, ret)) return -1;
			break;
		}
	}
	return 0;
}

int wg_parse_message(const struct nlmsghdr *nlh, struct wg *ret, struct err *e)
{
	const struct nlattr *a, *peer;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return err_set(e, EXIT_FAILED, "wireguard: a message cut short");
	mnl_attr_for_each(a, nlh, sizeof(struct genlmsghdr))
	{
		if (mnl_attr_get_type(a) != WGDEVICE_A_PEERS)
			continue;
		mnl_attr_for_each_nested(peer, a) if (parse_peer(peer, ret)) return err_set(
			e, EXIT_FAILED, "wireguard: a peer that is not understood");
	}
	return 0;
}

static int on_message(const struct nlmsghdr *nlh, void *context)
{
	struct dialogue *d = context;

	return wg_parse_message(nlh, d->wg, d->e) ? MNL_CB_ERROR : MNL_CB_OK;
}

static int on_family(const struct nlmsghdr *nlh, void *context)
{
	struct dialogue *d = context;
	const struct nlattr *a;

	mnl_attr_for_each(a, nlh,
			  sizeof(struct genlmsghdr)) if (mnl_attr_get_type(a) ==
								 CTRL_ATTR_FAMILY_ID &&
							 mnl_attr_validate(a, MNL_TYPE_U16) == 0)
		d->family = mnl_attr_get_u16(a);
	return MNL_CB_OK;
}

/* The one question of each dialogue has a name for its only attribute. */
static int ask(struct dialogue *d, u16 type, u16 flags, u8 command, u16 attribute, const char *name,
	       mnl_cb_t f)
{
	char buf[NLMSG_SPACE(128)] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;
	int r;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = ++d->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = command;
	genl->version = 1;
	mnl_attr_put_strz(nlh, attribute, name);
	if (mnl_socket_sendto(d->nl, nlh, nlh->nlmsg_len) < 0)
		return err_errno(d->e, "wireguard: asking the kernel");
	d->e->text[0] = '\0';
	do {
		ssize_t n = mnl_socket_recvfrom(d->nl, d->piece, PIECE);

		r = n < 0 ? -1
			  : mnl_cb_run(d->piece, (size_t)n, d->seq, mnl_socket_get_portid(d->nl), f,
				       d);
	} while (r > 0);
	if (r < 0 && !d->e->text[0])
		err_errno(d->e, "wireguard: the kernel says of %s", name);
	return r;
}

int wg_read_kernel(const char *ifname, struct wg *ret, struct err *e)
{
	struct dialogue d = {.seq = (u32)time(NULL), .wg = ret, .e = e};
	int r = -1;

	d.nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	d.piece = malloc(PIECE);
	if (!d.nl || !d.piece || mnl_socket_bind(d.nl, 0, MNL_SOCKET_AUTOPID) < 0)
		err_errno(e, "wireguard: preparing a socket");
	else if (ask(&d, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, WG_GENL_NAME,
		     on_family) == 0)
		r = ask(&d, d.family, NLM_F_DUMP, WG_CMD_GET_DEVICE, WGDEVICE_A_IFNAME, ifname,
			on_message);
	if (d.piece)
		explicit_bzero(d.piece, PIECE);
	free(d.piece);
	if (d.nl)
		mnl_socket_close(d.nl);
	return r;
}
