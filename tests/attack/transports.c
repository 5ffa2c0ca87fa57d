// SPDX-License-Identifier: GPL-2.0-only
/*
 * Families whose packets the kernel sends by sockets of its own: what is asked for is no packet of
 * the asker's, unless the kernel made that socket in the asker's name.
 *
 * Owns: one packet by each. They need modules: a distribution's kernel loads most of them by itself
 * for whoever asks, the virtual machines have them (tests/vm/kernel). AF_RDS is not among them: its
 * connections come again and again beside whatever is tried later.
 */
#include "attack.h"

#include <linux/if_pppol2tp.h>
#include <linux/if_pppox.h>
#include <linux/rxrpc.h>
#include <unistd.h>

#define SMC 43 /* AF_SMC */

/* It is the kernel's threads that send. */
static void wait_a_little(void)
{
	usleep(300 * 1000);
}

/* Out of a socket for datagrams the session 0 makes a tunnel, and another one sends in it. */
static void l2tp(int arg)
{
	struct sockaddr_pppol2tp a = {.sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OL2TP};
	int fd = -1;

	(void)arg;
	a.pppol2tp.fd = udp(0);
	a.pppol2tp.addr = at(&world.past[0]).v4;
	begin(a.pppol2tp.fd, &world.past[0]);
	a.pppol2tp.s_tunnel = a.pppol2tp.d_tunnel = (__u16)mark.number;
	for (int session = 0; session < 2; session++) {
		a.pppol2tp.s_session = a.pppol2tp.d_session = (__u16)session;
		fd = socket(AF_PPPOX, SOCK_DGRAM, PX_PROTO_OL2TP);
		if (!step("socket", fd))
			return;
		step("connect", connect(fd, (struct sockaddr *)&a, sizeof(a)));
	}
	step("send", send(fd, mark.text, mark.len, 0));
}

static void rxrpc(int v)
{
	union {
		char bytes[CMSG_SPACE(sizeof(unsigned long))];
		struct cmsghdr head;
	} control = {0};
	struct sockaddr_rxrpc to = {.srx_family = AF_RXRPC,
				    .srx_service = 52,
				    .transport_type = SOCK_DGRAM,
				    .transport_len = size_of(&world.past[v])};
	struct iovec iov = {mark.text, mark.len};
	struct msghdr msg = {.msg_name = &to,
			     .msg_namelen = sizeof(to),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control.bytes)};
	union address a = at(&world.past[v]);
	unsigned long call = mark.number;
	int fd = socket(AF_RXRPC, SOCK_DGRAM, FAMILY(v));

	if (!step("socket", fd))
		return;
	memcpy(&to.transport, &a, size_of(&a));
	control.head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(call)),
					.cmsg_level = SOL_RXRPC,
					.cmsg_type = RXRPC_USER_CALL_ID};
	memcpy(CMSG_DATA(&control.head), &call, sizeof(call));
	step("sendmsg", sendmsg(fd, &msg, MSG_DONTWAIT));
	wait_a_little();
}

static void smc(int v)
{
	int fd = socket(SMC, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, v);

	if (step("socket", fd))
		begin(fd, &world.past[v]);
	wait_a_little();
}

const struct attempt transport_attempts[] = {
	{.name = "AF_PPPOX, L2TP by a socket of its own", .run = l2tp},
	{.name = "AF_RXRPC", .run = rxrpc},
	{.name = "AF_RXRPC, IPv6", .run = rxrpc, .arg = 1},
	{.name = "AF_SMC", .run = smc},
	{.name = "AF_SMC, IPv6", .run = smc, .arg = 1},
	{.name = NULL},
};
