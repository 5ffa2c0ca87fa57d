// SPDX-License-Identifier: GPL-2.0-only
#include "init_wg.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/wireguard.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "decimal.h"

#define PIECE 32768

static void add(const void *addr, bool ipv4, unsigned len, struct wg_allowed *ret)
{
	struct prefix p = {.len = ipv4 ? 96 + len : len};

	if (len > (ipv4 ? 32 : 128))
		return;
	if (ret->n == WG_MAX_ALLOWED) {
		ret->more = true;
		return;
	}
	if (ipv4)
		p.addr.h[5] = 0xffff;
	memcpy(&p.addr.b[ipv4 ? 12 : 0], addr, ipv4 ? 4 : 16);
	ret->prefixes[ret->n++] = p;
}

struct allowed {
	const struct nlattr *addr;
	u16 family;
	u8 len;
};

static int take_field(const struct nlattr *a, void *data)
{
	u16 type = mnl_attr_get_type(a), size = mnl_attr_get_payload_len(a);
	struct allowed *one = data;

	if (type == WGALLOWEDIP_A_FAMILY && size == 2)
		one->family = mnl_attr_get_u16(a);
	else if (type == WGALLOWEDIP_A_CIDR_MASK && size == 1)
		one->len = mnl_attr_get_u8(a);
	else if (type == WGALLOWEDIP_A_IPADDR)
		one->addr = a;
	return MNL_CB_OK;
}

static int take_allowed(const struct nlattr *a, void *data)
{
	struct allowed one = {.len = 255};

	mnl_attr_parse_nested(a, take_field, &one);
	if (one.addr && (one.family == AF_INET || one.family == AF_INET6) &&
	    mnl_attr_get_payload_len(one.addr) == (one.family == AF_INET ? 4 : 16))
		add(mnl_attr_get_payload(one.addr), one.family == AF_INET, one.len, data);
	return MNL_CB_OK;
}

static int take_list(const struct nlattr *a, void *data)
{
	return mnl_attr_get_type(a) == WGPEER_A_ALLOWEDIPS
		       ? mnl_attr_parse_nested(a, take_allowed, data)
		       : MNL_CB_OK;
}

static int take_peer(const struct nlattr *a, void *data)
{
	return mnl_attr_parse_nested(a, take_list, data);
}

static int take_peers(const struct nlattr *a, void *data)
{
	return mnl_attr_get_type(a) == WGDEVICE_A_PEERS ? mnl_attr_parse_nested(a, take_peer, data)
							: MNL_CB_OK;
}

int wg_allowed_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, GENL_HDRLEN, take_peers, data);
}

static int take_id(const struct nlattr *a, void *data)
{
	if (mnl_attr_get_type(a) == CTRL_ATTR_FAMILY_ID && mnl_attr_get_payload_len(a) == 2)
		*(u16 *)data = mnl_attr_get_u16(a);
	return MNL_CB_OK;
}

static int take_family(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, GENL_HDRLEN, take_id, data);
}

static struct nlmsghdr *request(char *buf, u16 type, u16 flags, u8 cmd, u8 version, u16 attr,
				const char *text)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = (u32)time(NULL);
	genl->cmd = cmd;
	genl->version = version;
	mnl_attr_put_strz(nlh, attr, text);
	return nlh;
}

static int talk(struct mnl_socket *nl, const struct nlmsghdr *nlh, char *piece, mnl_cb_t take,
		void *data)
{
	int r = mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0 ? MNL_CB_ERROR : MNL_CB_OK;

	while (r > MNL_CB_STOP) {
		ssize_t n = mnl_socket_recvfrom(nl, piece, PIECE);

		r = n < 0 ? MNL_CB_ERROR
			  : mnl_cb_run(piece, (size_t)n, nlh->nlmsg_seq, mnl_socket_get_portid(nl),
				       take, data);
	}
	return r;
}

static int ask_kernel(struct mnl_socket *nl, const char *ifname, char *piece,
		      struct wg_allowed *ret)
{
	char buf[256] __attribute__((aligned(NLMSG_ALIGNTO)));
	u16 family = 0;

	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    talk(nl,
		 request(buf, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, 1, CTRL_ATTR_FAMILY_NAME,
			 WG_GENL_NAME),
		 piece, take_family, &family) < 0)
		return -1;
	return talk(nl,
		    request(buf, family, NLM_F_DUMP, WG_CMD_GET_DEVICE, WG_GENL_VERSION,
			    WGDEVICE_A_IFNAME, ifname),
		    piece, wg_allowed_message, ret);
}

int wg_allowed_kernel(const char *ifname, struct wg_allowed *ret, struct err *e)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	char *piece = malloc(PIECE);
	int r = -1;

	*ret = (struct wg_allowed){0};
	if (!nl || !piece || ask_kernel(nl, ifname, piece, ret) < 0)
		err_errno(e, "WireGuard's AllowedIPs of %s", ifname);
	else
		r = 0;
	/* The answer holds the private key. */
	if (piece)
		explicit_bzero(piece, PIECE);
	free(piece);
	if (nl)
		mnl_socket_close(nl);
	return r;
}

void wg_allowed_line(const char *line, struct wg_allowed *ret)
{
	static const char key[] = "allowed_ip=";
	union wgf_ip ip;
	unsigned len;
	char text[IP_TEXT];
	char *slash;

	if (strncmp(line, key, sizeof(key) - 1) != 0 ||
	    (size_t)snprintf(text, sizeof(text), "%s", line + sizeof(key) - 1) >= sizeof(text))
		return;
	slash = strchr(text, '/');
	if (!slash)
		return;
	*slash = '\0';
	if (ip_parse(text, &ip) && decimal_parse(slash + 1, wgf_is_v4(&ip) ? 32 : 128, &len))
		add(&ip.b[wgf_is_v4(&ip) ? 12 : 0], wgf_is_v4(&ip), len, ret);
}

static int read_answer(FILE *f, struct wg_allowed *ret)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	fputs("get=1\n\n", f);
	if (fflush(f))
		return -1;
	while ((n = getline(&line, &room, f)) > 1) {
		line[n - 1] = '\0';
		wg_allowed_line(line, ret);
	}
	if (line)
		explicit_bzero(line, room);
	free(line);
	return n == 1 ? 0 : -1; /* an empty line ends the answer */
}

int wg_allowed_socket(const char *path, struct wg_allowed *ret, struct err *e)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = 2};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), r;
	FILE *f;

	*ret = (struct wg_allowed){0};
	if (fd < 0)
		return err_errno(e, "%s", path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    !(f = fdopen(fd, "r+"))) {
		err_errno(e, "%s", path);
		close(fd);
		return -1;
	}
	r = read_answer(f, ret);
	fclose(f);
	return r ? err_set(e, EXIT_FAILED, "%s gave no whole answer", path) : 0;
}
