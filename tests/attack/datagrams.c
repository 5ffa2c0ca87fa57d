// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each way of handing the kernel a datagram, past the tunnel. (io_uring's are in uring.c.)
 *
 * Owns: the ways that are system calls.
 */
#include "attack.h"

#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/net_tstamp.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* linux/udp.h, which contradicts netinet/udp.h */
#endif
#define UDP_CORK_OPTION	 1
#define UDP_ENCAP_OPTION 100

static void by_sendto(int v)
{
	send_to(udp(v), &world.past[v]);
}

/* A connected one; -1 where it is refused. */
static int linked(int v)
{
	int fd = udp(v);

	return begin(fd, &world.past[v]) ? fd : -1;
}

static void by_send(int v)
{
	step("send", send(linked(v), mark.text, mark.len, 0));
}

static void by_write(int v)
{
	step("write", write(linked(v), mark.text, mark.len));
}

static void by_writev(int v)
{
	struct iovec iov[2] = {{mark.text, 7}, {mark.text + 7, mark.len - 7}};

	step("writev", writev(linked(v), iov, 2));
}

static void by_sendmmsg(int v)
{
	union address a = at(&world.past[v]);
	struct iovec iov = {mark.text, mark.len};
	struct mmsghdr msg[2] = {{.msg_hdr = {.msg_name = &a,
					      .msg_namelen = size_of(&a),
					      .msg_iov = &iov,
					      .msg_iovlen = 1}}};

	msg[1] = msg[0];
	step("sendmmsg", sendmmsg(udp(v), msg, 2, 0));
}

static void by_more(int v)
{
	int fd = linked(v);

	step("send", send(fd, mark.text, 7, MSG_MORE));
	step("send", send(fd, mark.text + 7, mark.len - 7, 0));
}

static void by_cork(int v)
{
	int fd = linked(v), one = 1, zero = 0;

	step("setsockopt", setsockopt(fd, IPPROTO_UDP, UDP_CORK_OPTION, &one, sizeof(one)));
	step("send", send(fd, mark.text, mark.len, 0));
	step("setsockopt", setsockopt(fd, IPPROTO_UDP, UDP_CORK_OPTION, &zero, sizeof(zero)));
}

static void by_segments(int v)
{
	int fd = linked(v), size = (int)mark.len;
	char two[64];

	step("setsockopt", setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	memcpy(two, mark.text, mark.len);
	memcpy(two + mark.len, mark.text, mark.len);
	step("send", send(fd, two, 2 * mark.len, 0));
}

static void by_zerocopy(int v)
{
	int fd = linked(v), one = 1;

	step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)));
	step("send", send(fd, mark.text, mark.len, MSG_ZEROCOPY));
}

static int file_of_mark(void)
{
	int file = memfd_create("mark", MFD_CLOEXEC);

	step("memfd_create", file);
	step("write", write(file, mark.text, mark.len));
	lseek(file, 0, SEEK_SET);
	return file;
}

static void by_sendfile(int v)
{
	step("sendfile", sendfile(linked(v), file_of_mark(), NULL, mark.len));
}

static void by_splice(int v)
{
	int p[2];

	step("pipe", pipe(p));
	step("splice", splice(file_of_mark(), NULL, p[1], NULL, mark.len, 0));
	step("splice", splice(p[0], NULL, linked(v), NULL, mark.len, 0));
}

static void by_vmsplice(int v)
{
	struct iovec iov = {mark.text, mark.len};
	int p[2];

	step("pipe", pipe(p));
	step("vmsplice", vmsplice(p[1], &iov, 1, 0));
	step("splice", splice(p[0], NULL, linked(v), NULL, mark.len, 0));
}

static void by_tee(int v)
{
	int p[2], q[2];

	step("pipe", pipe(p));
	step("pipe", pipe(q));
	step("write", write(p[1], mark.text, mark.len));
	step("tee", tee(p[0], q[1], mark.len, 0));
	step("splice", splice(q[0], NULL, linked(v), NULL, mark.len, 0));
}

static void by_aio(int v)
{
	struct iocb cb = {.aio_lio_opcode = IOCB_CMD_PWRITE,
			  .aio_buf = (unsigned long)mark.text,
			  .aio_nbytes = mark.len},
		    *list = &cb;
	struct io_event event = {0};
	aio_context_t context = 0;

	cb.aio_fildes = (unsigned)linked(v);
	step("io_setup", syscall(SYS_io_setup, 1, &context));
	if (!step("io_submit", syscall(SYS_io_submit, context, 1, &list)))
		return;
	step("io_getevents", syscall(SYS_io_getevents, context, 1, 1, &event, NULL));
	errno = event.res < 0 ? (int)-event.res : 0;
	step("write", event.res < 0 ? -1 : 0);
}

static void by_flag(int flag)
{
	union address a = at(&world.past[0]);

	step("sendto", sendto(udp(0), mark.text, mark.len, flag, &a.sa, sizeof(a.v4)));
}

static void to_neighbour(int v)
{
	union address a = at(&world.lan[v]);

	step("sendto", sendto(udp(v), mark.text, mark.len, MSG_DONTROUTE, &a.sa, size_of(&a)));
}

/* A datagram for 200 ms later. */
static void at_a_time(int v)
{
	struct sock_txtime how = {.clockid = CLOCK_MONOTONIC};
	char control[CMSG_SPACE(8)] = {0};
	union address a = at(&world.past[v]);
	struct iovec iov = {mark.text, mark.len};
	struct msghdr msg = {.msg_name = &a,
			     .msg_namelen = size_of(&a),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	struct timespec now;
	unsigned long long when;
	int fd = udp(v);

	step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_TXTIME, &how, sizeof(how)));
	clock_gettime(CLOCK_MONOTONIC, &now);
	when = (unsigned long long)now.tv_sec * 1000000000ULL + (unsigned long long)now.tv_nsec +
	       200000000ULL;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_TXTIME;
	c->cmsg_len = CMSG_LEN(8);
	memcpy(CMSG_DATA(c), &when, 8);
	step("sendmsg", sendmsg(fd, &msg, 0));
}

static void encapsulated(int kind)
{
	int fd = udp(0);

	step("setsockopt", setsockopt(fd, IPPROTO_UDP, UDP_ENCAP_OPTION, &kind, sizeof(kind)));
	send_to(fd, &world.past[0]);
}

static void elsewhere_than_connected(int v)
{
	int fd = udp(v);

	begin(fd, &world.inner[v]);
	send_to(fd, &world.past[v]);
}

static void *from_thread(void *arg)
{
	send_to(*(int *)arg, &world.past[0]);
	return NULL;
}

static void by_thread(int v)
{
	pthread_t thread;
	int fd = udp(v);

	errno = pthread_create(&thread, NULL, from_thread, &fd);
	step("pthread_create", errno ? -1 : 0);
	pthread_join(thread, NULL);
}

/* One datagram for each of a thousand children, all at once. */
static void by_fork_bomb(int v)
{
	unsigned n = 0;

	for (; n < 200; n++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0) {
			send_to(udp(v), &world.past[v]);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	say("%s", n == 200 ? "200 children" : "fork EAGAIN");
}

#define BOTH(title, function)                                            \
	{.name = "UDP, " title, .run = (function)},                      \
	{                                                                \
		.name = "UDP, IPv6, " title, .run = (function), .arg = 1 \
	}

const struct attempt datagram_attempts[] = {
	BOTH("sendto", by_sendto),
	BOTH("send", by_send),
	BOTH("write", by_write),
	BOTH("writev", by_writev),
	BOTH("sendmmsg", by_sendmmsg),
	BOTH("MSG_MORE", by_more),
	BOTH("UDP_CORK", by_cork),
	BOTH("UDP_SEGMENT", by_segments),
	BOTH("MSG_ZEROCOPY", by_zerocopy),
	BOTH("sendfile", by_sendfile),
	BOTH("splice of a file", by_splice),
	BOTH("vmsplice", by_vmsplice),
	BOTH("tee", by_tee),
	BOTH("io_submit", by_aio),
	{.name = "UDP, MSG_CONFIRM", .run = by_flag, .arg = MSG_CONFIRM},
	{.name = "UDP, MSG_PROBE",
	 .run = by_flag,
	 .arg = 0x10,
	 .unseen = "probes the way and sends nothing"},
	{.name = "UDP, MSG_DONTROUTE to a neighbour", .run = to_neighbour},
	{.name = "UDP, IPv6, MSG_DONTROUTE to a neighbour", .run = to_neighbour, .arg = 1},
	BOTH("SO_TXTIME, for later", at_a_time),
	{.name = "UDP, as ESP in UDP", .run = encapsulated, .arg = 2},
	{.name = "UDP, as L2TP in UDP", .run = encapsulated, .arg = 3},
	BOTH("to another address than it is connected to", elsewhere_than_connected),
	{.name = "UDP, from another thread", .run = by_thread},
	{.name = "UDP, 200 children at once", .run = by_fork_bomb},
	{.name = NULL},
};
