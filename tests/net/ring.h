/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One request through io_uring.
 *
 * Owns: the ring, without a library. ENOSYS where the kernel has none, EPERM where it is switched
 * off (kernel.io_uring_disabled).
 */
#ifndef WGF_TEST_RING_H
#define WGF_TEST_RING_H

#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
	int fd;
	struct io_uring_params params;
	char *sq, *cq;
	struct io_uring_sqe *sqes;
};

static inline int ring_open(struct ring *r)
{
	size_t sq_len, cq_len;

	memset(r, 0, sizeof(*r));
	r->fd = (int)syscall(__NR_io_uring_setup, 2, &r->params);
	if (r->fd < 0)
		return -1;
	sq_len = r->params.sq_off.array + r->params.sq_entries * sizeof(unsigned);
	cq_len = r->params.cq_off.cqes + r->params.cq_entries * sizeof(struct io_uring_cqe);
	r->sq = mmap(NULL, sq_len, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
	r->cq = mmap(NULL, cq_len, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
	r->sqes = mmap(NULL, 2 * sizeof(*r->sqes), PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
		       IORING_OFF_SQES);
	return r->sq == MAP_FAILED || r->cq == MAP_FAILED || r->sqes == MAP_FAILED ? -1 : 0;
}

/* One request through a ring of its own; what came of it, as a system call would say it. */
static inline ssize_t by_ring(const struct io_uring_sqe *sqe)
{
	struct io_uring_cqe *cqe;
	struct ring r;
	unsigned *tail;

	if (ring_open(&r))
		return -1;
	r.sqes[0] = *sqe;
	*(unsigned *)(r.sq + r.params.sq_off.array) = 0;
	tail = (unsigned *)(r.sq + r.params.sq_off.tail);
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, r.fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -1;
	cqe = (struct io_uring_cqe *)(r.cq + r.params.cq_off.cqes);
	close(r.fd);
	if (cqe->res >= 0)
		return cqe->res;
	errno = -cqe->res;
	return -1;
}

#endif
