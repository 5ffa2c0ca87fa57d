// SPDX-License-Identifier: GPL-2.0-only
/*
 * ways: one datagram by each way in which a process can hand one to the kernel.
 *
 *   ways ADDRESS PORT           all of them, a line each: "NAME ok" or "NAME ERRNO"
 *   ways ADDRESS PORT list      only their names, for the plan
 *
 * Owns: the list. A datagram is SIZE bytes; each way sends exactly one packet as the hook sees it.
 * A way that this kernel lacks (io_uring may be switched off) answers ENOSYS.
 */
#include "net.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "ring.h"

#define SIZE 32

static union address peer;
static socklen_t peer_len;
static char data[SIZE];

static ssize_t by_sendto(int fd)
{
	return sendto(fd, data, SIZE, 0, &peer.sa, peer_len);
}

static ssize_t by_sendmsg(int fd)
{
	struct iovec iov[2] = {{data, SIZE / 2}, {data, SIZE / 2}};
	struct msghdr msg = {
		.msg_name = &peer, .msg_namelen = peer_len, .msg_iov = iov, .msg_iovlen = 2};

	return sendmsg(fd, &msg, 0);
}

static ssize_t by_sendmmsg(int fd)
{
	struct iovec iov = {data, SIZE};
	struct mmsghdr msg = {.msg_hdr = {.msg_name = &peer,
					  .msg_namelen = peer_len,
					  .msg_iov = &iov,
					  .msg_iovlen = 1}};

	return sendmmsg(fd, &msg, 1, 0);
}

static ssize_t by_more(int fd)
{
	if (sendto(fd, data, SIZE / 2, MSG_MORE, &peer.sa, peer_len) < 0)
		return -1;
	return sendto(fd, data, SIZE / 2, 0, &peer.sa, peer_len);
}

static ssize_t by_zerocopy(int fd)
{
	int one = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)))
		return -1;
	return sendto(fd, data, SIZE, MSG_ZEROCOPY, &peer.sa, peer_len);
}

static ssize_t by_send(int fd)
{
	return connect(fd, &peer.sa, peer_len) ? -1 : send(fd, data, SIZE, 0);
}

static ssize_t by_write(int fd)
{
	return connect(fd, &peer.sa, peer_len) ? -1 : write(fd, data, SIZE);
}

static ssize_t by_writev(int fd)
{
	struct iovec iov = {data, SIZE};

	return connect(fd, &peer.sa, peer_len) ? -1 : writev(fd, &iov, 1);
}

static ssize_t by_sendfile(int fd)
{
	int file = memfd_create("data", MFD_CLOEXEC);
	ssize_t n = -1;

	if (file >= 0 && write(file, data, SIZE) == SIZE && lseek(file, 0, SEEK_SET) == 0 &&
	    connect(fd, &peer.sa, peer_len) == 0)
		n = sendfile(fd, file, NULL, SIZE);
	close(file);
	return n;
}

static ssize_t by_splice(int fd)
{
	ssize_t n = -1;
	int p[2];

	if (pipe(p))
		return -1;
	if (write(p[1], data, SIZE) == SIZE && connect(fd, &peer.sa, peer_len) == 0)
		n = splice(p[0], NULL, fd, NULL, SIZE, 0);
	close(p[0]);
	close(p[1]);
	return n;
}

static ssize_t by_uring_sendmsg(int fd)
{
	struct iovec iov = {data, SIZE};
	struct msghdr msg = {
		.msg_name = &peer, .msg_namelen = peer_len, .msg_iov = &iov, .msg_iovlen = 1};

	return by_ring(&(struct io_uring_sqe){
		.opcode = IORING_OP_SENDMSG, .fd = fd, .addr = (unsigned long)&msg, .len = 1});
}

static ssize_t by_uring_send(int fd)
{
	if (connect(fd, &peer.sa, peer_len))
		return -1;
	return by_ring(&(struct io_uring_sqe){
		.opcode = IORING_OP_SEND, .fd = fd, .addr = (unsigned long)data, .len = SIZE});
}

static ssize_t by_uring_write(int fd)
{
	if (connect(fd, &peer.sa, peer_len))
		return -1;
	return by_ring(&(struct io_uring_sqe){
		.opcode = IORING_OP_WRITE, .fd = fd, .addr = (unsigned long)data, .len = SIZE});
}

static const struct way {
	const char *name;
	ssize_t (*send)(int fd);
} ways[] = {
	{"sendto", by_sendto},
	{"sendmsg", by_sendmsg},
	{"sendmmsg", by_sendmmsg},
	{"MSG_MORE", by_more},
	{"MSG_ZEROCOPY", by_zerocopy},
	{"send", by_send},
	{"write", by_write},
	{"writev", by_writev},
	{"sendfile", by_sendfile},
	{"splice", by_splice},
	{"io_uring sendmsg", by_uring_sendmsg},
	{"io_uring send", by_uring_send},
	{"io_uring write", by_uring_write},
};

int main(int argc, char **argv)
{
	if (argc < 3)
		misuse("ADDRESS PORT [list]");
	peer_len = address_need(argv[1], argv[2], &peer);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		int fd = argc == 3 ? socket(peer.sa.sa_family, SOCK_DGRAM, 0) : -1;
		ssize_t n = fd >= 0 ? ways[i].send(fd) : -1;

		if (argc > 3)
			printf("%s\n", ways[i].name);
		else
			printf("%s %s\n", ways[i].name, n < 0 ? strerrorname_np(errno) : "ok");
		if (fd >= 0)
			close(fd);
	}
	return 0;
}
