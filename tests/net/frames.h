/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets whose user builds frames, for talk.
 *
 * Owns: how they are made. Their frames meet no hook on the cgroup.
 */
#ifndef WGF_TEST_FRAMES_H
#define WGF_TEST_FRAMES_H

#include "net.h"

#include <linux/if_packet.h>
#include <linux/if_pppox.h>
#include <net/if.h>

static struct sockaddr_ll frames_to; /* of the last packet socket */

/* A packet socket: the interface, raw or dgram, the ethertype and the link address to send to. */
static inline int frames_by(char **args)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_halen = 6};

	to.sll_ifindex = (int)if_nametoindex(args[0]);
	to.sll_protocol = htons((uint16_t)strtoul(args[2], NULL, 16));
	if (hex_read(args[3], to.sll_addr, sizeof(to.sll_addr)) != 6)
		misuse("frames INTERFACE raw|dgram ETHERTYPE LINK-ADDRESS");
	frames_to = to;
	/* Protocol 0: it hears nothing. */
	return socket(AF_PACKET, strcmp(args[1], "raw") == 0 ? SOCK_RAW : SOCK_DGRAM, 0);
}

/*
 * A session of PPPoE that nobody has agreed to: the interface and the link address to send to. It
 * takes no capability.
 */
static inline int frames_in_session(char **args)
{
	struct sockaddr_pppox a = {.sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OE};
	int fd = socket(AF_PPPOX, SOCK_STREAM, PX_PROTO_OE);

	if (fd < 0)
		return -1;
	a.sa_addr.pppoe.sid = (__be16)htons(7);
	snprintf(a.sa_addr.pppoe.dev, sizeof(a.sa_addr.pppoe.dev), "%s", args[0]);
	if (hex_read(args[1], a.sa_addr.pppoe.remote, 6) != 6)
		misuse("session INTERFACE LINK-ADDRESS");
	return connect(fd, (struct sockaddr *)&a, sizeof(a)) ? -1 : fd;
}

#endif
