/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AllowedIPs: what WireGuard itself lets into the tunnel.
 *
 * Owns: asking for them, of the kernel's module by generic netlink, of wireguard-go by its socket.
 * Must never ask for keys' sake: what else the answers hold is passed over.
 */
#ifndef WGF_INIT_WG_H
#define WGF_INIT_WG_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "ip.h"

#define WG_MAX_ALLOWED 1024

struct wg_allowed {
	unsigned n;
	bool more; /* than fit */
	struct prefix prefixes[WG_MAX_ALLOWED];
};

int wg_allowed_kernel(const char *ifname, struct wg_allowed *ret, struct err *e);
int wg_allowed_socket(const char *path, struct wg_allowed *ret, struct err *e);

/* One message of the kernel's answer (mnl_cb_t), `data` a struct wg_allowed. Pure. */
struct nlmsghdr;
int wg_allowed_message(const struct nlmsghdr *nlh, void *data);

/* One line of the socket's answer; others than allowed_ip=ADDRESS/LEN are passed over. Pure. */
void wg_allowed_line(const char *line, struct wg_allowed *ret);

#endif
