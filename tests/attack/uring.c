// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_uring: what a system call does, done by the kernel on the process's behalf.
 *
 * Owns: the requests' numbers, which go on behind those of the headers that this is built with.
 */
#include "attack.h"

#include <signal.h>
#include <unistd.h>

#include "../net/ring.h"

/* linux/io_uring.h, as it numbers them for good. */
enum {
	OP_SPLICE = 30,
	OP_SOCKET = 45,
	OP_URING_CMD = 46,
	OP_SEND_ZC = 47,
	OP_SENDMSG_ZC = 48,
	OP_BIND = 56
};
#define CMD_SETSOCKOPT 3

static struct io_uring_sqe request(unsigned char op, int fd, const void *addr, unsigned len)
{
	return (struct io_uring_sqe){
		.opcode = op, .fd = fd, .addr = (unsigned long)addr, .len = len};
}

static bool ring(const char *what, struct io_uring_sqe sqe)
{
	return step(what, by_ring(&sqe));
}

static int linked(int v)
{
	int fd = udp(v);

	begin(fd, &world.past[v]);
	return fd;
}

static void by_send(int op)
{
	ring("send", request((unsigned char)op, linked(0), mark.text, (unsigned)mark.len));
}

static void by_write(int v)
{
	ring("write", request(IORING_OP_WRITE, linked(v), mark.text, (unsigned)mark.len));
}

static void by_writev(int v)
{
	struct iovec iov = {mark.text, mark.len};

	ring("writev", request(IORING_OP_WRITEV, linked(v), &iov, 1));
}

static void by_sendmsg(int op)
{
	union address a = at(&world.past[0]);
	struct iovec iov = {mark.text, mark.len};
	struct msghdr msg = {
		.msg_name = &a, .msg_namelen = size_of(&a), .msg_iov = &iov, .msg_iovlen = 1};

	ring("sendmsg", request((unsigned char)op, udp(0), &msg, 1));
}

static void nothing(int signal)
{
	(void)signal;
}

static void by_connect(int v)
{
	union address a = at(&world.past[v]);
	struct io_uring_sqe sqe = request(IORING_OP_CONNECT, tcp(v), &a, 0);
	struct sigaction awake = {.sa_handler = nothing};

	sqe.off = size_of(&a);
	/* It would wait until the connection stands or does not: that it is begun is enough. */
	sigaction(SIGALRM, &awake, NULL);
	ualarm(300000, 0);
	step("connect", by_ring(&sqe) < 0 && errno != EINPROGRESS && errno != EINTR ? -1 : 0);
}

static int by_socket(int family, int type, int proto)
{
	struct io_uring_sqe sqe = request(OP_SOCKET, family, NULL, (unsigned)proto);
	int fd;

	sqe.off = (unsigned)type;
	fd = (int)by_ring(&sqe);
	step("socket", fd);
	return fd;
}

static void udp_by_socket(int v)
{
	send_to(by_socket(FAMILY(v), SOCK_DGRAM, 0), &world.past[v]);
}

static void raw_by_socket(int proto)
{
	send_to(by_socket(AF_INET, SOCK_RAW, proto), &world.past[0]);
}

static void mptcp_by_socket(int arg)
{
	(void)arg;
	begin(by_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 262), &world.past[0]);
}

/* RestrictAddressFamilies= does not see it. */
static void family_by_socket(int family)
{
	by_socket(family, family == AF_VSOCK ? SOCK_STREAM : SOCK_RAW, 0);
}

static void by_splice(int v)
{
	struct io_uring_sqe sqe;
	int p[2];

	step("pipe", pipe(p));
	step("write", write(p[1], mark.text, mark.len));
	sqe = request(OP_SPLICE, linked(v), NULL, (unsigned)mark.len);
	sqe.off = ~0ULL;
	sqe.splice_off_in = ~0ULL;
	sqe.splice_fd_in = p[0];
	ring("splice", sqe);
}

/* By a thread of the kernel's. */
static void by_async(int v)
{
	struct io_uring_sqe sqe = request(IORING_OP_SEND, linked(v), mark.text, (unsigned)mark.len);

	sqe.flags = IOSQE_ASYNC;
	ring("send", sqe);
}

static void by_setsockopt(int arg)
{
	struct ip_mreqn req = {.imr_ifindex = (int)world.home_index};
	struct io_uring_sqe sqe = request(OP_URING_CMD, udp(0), NULL, 0);

	(void)arg;
	req.imr_multiaddr.s_addr = htonl(0xef4d0000 | mark.number);
	sqe.off = CMD_SETSOCKOPT;
	/* level and optname lie where addr does, optlen and optval in splice_fd_in and addr3. */
	sqe.addr = (unsigned long long)IP_ADD_MEMBERSHIP << 32 | IPPROTO_IP;
	sqe.splice_fd_in = sizeof(req);
	((unsigned long long *)&sqe)[6] = (unsigned long)&req;
	ring("setsockopt", sqe);
	usleep(20000);
}

static void by_bind(int v)
{
	union address own = world.home[v];
	struct io_uring_sqe sqe = request(OP_BIND, udp(v), &own, 0);

	sqe.off = size_of(&own);
	ring("bind", sqe);
	send_to(sqe.fd, &world.past[v]);
}

const struct attempt ring_attempts[] = {
	{.name = "io_uring send", .run = by_send, .arg = IORING_OP_SEND},
	{.name = "io_uring send, by its threads", .run = by_async},
	{.name = "io_uring send_zc", .run = by_send, .arg = OP_SEND_ZC, .since = "6.0"},
	{.name = "io_uring sendmsg", .run = by_sendmsg, .arg = IORING_OP_SENDMSG},
	{.name = "io_uring sendmsg_zc", .run = by_sendmsg, .arg = OP_SENDMSG_ZC, .since = "6.1"},
	{.name = "io_uring write", .run = by_write},
	{.name = "io_uring writev, IPv6", .run = by_writev, .arg = 1},
	{.name = "io_uring splice", .run = by_splice},
	{.name = "io_uring connect", .run = by_connect},
	{.name = "io_uring connect, IPv6", .run = by_connect, .arg = 1},
	{.name = "io_uring socket, UDP", .run = udp_by_socket, .since = "5.19"},
	{.name = "io_uring socket, UDP, IPv6", .run = udp_by_socket, .arg = 1, .since = "5.19"},
	{.name = "io_uring socket, raw",
	 .run = raw_by_socket,
	 .arg = IPPROTO_ICMP,
	 .since = "5.19"},
	{.name = "io_uring socket, MPTCP", .run = mptcp_by_socket, .since = "5.19"},
	{.name = "io_uring socket, AF_PACKET",
	 .run = family_by_socket,
	 .arg = 17,
	 .unseen = "it is only made",
	 .since = "5.19"},
	{.name = "io_uring socket, AF_VSOCK",
	 .run = family_by_socket,
	 .arg = AF_VSOCK,
	 .unseen = "it is only made",
	 .since = "5.19"},
	{.name = "io_uring setsockopt: a group is joined", .run = by_setsockopt, .since = "6.7"},
	{.name = "io_uring bind", .run = by_bind, .since = "6.11"},
	{.name = NULL},
};
