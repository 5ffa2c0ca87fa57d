// SPDX-License-Identifier: GPL-2.0-only
/*
 * crowd: many connections at a time.
 *
 *   crowd serve ADDRESS PORT     says "ready", and echoes on as many as come
 *   crowd call ADDRESS PORT      by lines of standard input, an answer each:
 *     open N     "open=N", how many there are now; fewer where some were refused
 *     send       "sent=N": a byte on each
 *     echo       "echoed=N": a byte on each, or the one sent before; how many came
 *                back within a minute
 *     alive      "alive=N": on how many there is neither an end nor an error
 *
 * Owns: the connections; each has at most one byte on its way.
 */
#include "net.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MOST	  15000
#define AT_A_TIME 64  /* handshakes: a listener's queue must hold them */
#define AT_ONCE	  256 /* bytes on their way: a queue has room for them */
#define IN_A_MS	  4   /* bytes that are sent to nobody */
#define WAIT_SEC  60
#define EVENTS	  256

static union address to;
static socklen_t to_len;
static int epoll;
static int fds[MOST];
static bool waits[MOST]; /* for its byte */
static unsigned n_fds;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void watch(int fd, unsigned key, uint32_t events, int how)
{
	struct epoll_event e = {.events = events, .data.u32 = key};

	if (epoll_ctl(epoll, how, fd, &e))
		die("epoll_ctl");
}

static int new_socket(void)
{
	int fd = socket(to.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

/* --- who serves ---------------------------------------------------------------------------------
 */

static void echo(int fd)
{
	char data[4096];
	ssize_t n = recv(fd, data, sizeof(data), 0);

	if (n > 0)
		send(fd, data, (size_t)n, MSG_NOSIGNAL);
	else if (n == 0 || errno != EAGAIN)
		close(fd);
}

static void __attribute__((noreturn)) serve(void)
{
	struct epoll_event got[EVENTS];
	int listener = new_socket(), one = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, &to.sa, to_len) || listen(listener, 1024))
		die("bind");
	watch(listener, (unsigned)listener, EPOLLIN, EPOLL_CTL_ADD);
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		int n = epoll_wait(epoll, got, EVENTS, -1), fd;

		for (int i = 0; i < n; i++) {
			if ((int)got[i].data.u32 != listener) {
				echo((int)got[i].data.u32);
				continue;
			}
			fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
			if (fd >= 0)
				watch(fd, (unsigned)fd, EPOLLIN, EPOLL_CTL_ADD);
		}
	}
}

/* --- who calls ----------------------------------------------------------------------------------
 */

/* Begins one; false where that is refused at once. */
static bool begin(unsigned at)
{
	int fd = new_socket();

	fds[at] = -1;
	if (connect(fd, &to.sa, to_len) && errno != EINPROGRESS) {
		close(fd);
		return false;
	}
	fds[at] = fd;
	watch(fd, at, EPOLLOUT, EPOLL_CTL_ADD);
	return true;
}

/* What came of one; false where it is none. */
static bool established(unsigned at)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(fds[at], SOL_SOCKET, SO_ERROR, &error, &len);
	if (error)
		return false;
	watch(fds[at], at, 0, EPOLL_CTL_MOD);
	return true;
}

/* Of those behind the n_fds that there are, the refused ones go; how many are left. */
static unsigned compact(unsigned begun)
{
	unsigned kept = 0;

	for (unsigned i = n_fds; i < n_fds + begun; i++) {
		if (fds[i] < 0)
			continue;
		fds[n_fds + kept] = fds[i];
		watch(fds[i], n_fds + kept, EPOLLIN, EPOLL_CTL_MOD);
		kept++;
	}
	return kept;
}

static void open_some(unsigned n)
{
	struct epoll_event got[EVENTS];
	unsigned begun = 0, going = 0;
	double end = now() + WAIT_SEC;

	for (unsigned done = 0; done < n && now() < end;) {
		int ready;

		while (begun < n && going < AT_A_TIME && n_fds + begun < MOST) {
			bool is = begin(n_fds + begun);

			begun++;
			going += is;
			done += !is;
		}
		ready = epoll_wait(epoll, got, EVENTS, 1000);
		for (int i = 0; i < ready; i++) {
			if (!(got[i].events & (EPOLLOUT | EPOLLERR)))
				continue;
			done++;
			going--;
			if (established(got[i].data.u32))
				continue;
			close(fds[got[i].data.u32]);
			fds[got[i].data.u32] = -1;
		}
	}
	printf("open=%u\n", n_fds += compact(begun));
}

/* False where one is on its way already. */
static bool send_one(unsigned at)
{
	if (waits[at])
		return false;
	waits[at] = send(fds[at], "x", 1, MSG_NOSIGNAL) == 1;
	return waits[at];
}

static unsigned waiting(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < n_fds; i++)
		n += waits[i];
	return n;
}

/* What is sent at once is sent again at once, and then a queue has no room for most of it. */
static unsigned send_all(void)
{
	for (unsigned i = 0; i < n_fds; i++) {
		send_one(i);
		if (i % IN_A_MS == 0)
			usleep(1000);
	}
	return waiting();
}

static void echo_all(void)
{
	static bool before[MOST];
	struct epoll_event got[EVENTS];
	unsigned next = 0, left = waiting(), all = left;
	double end = now() + WAIT_SEC;
	char byte;

	memcpy(before, waits, sizeof(before));
	while ((next < n_fds || left) && now() < end) {
		int ready;

		for (; next < n_fds && left < AT_ONCE; next++)
			if (!before[next] && send_one(next)) {
				all++;
				left++;
			}
		ready = epoll_wait(epoll, got, EVENTS, 1000);
		for (int i = 0; i < ready; i++) {
			unsigned at = got[i].data.u32;

			if (recv(fds[at], &byte, 1, 0) == 1 && waits[at]) {
				waits[at] = false;
				left--;
			}
		}
	}
	printf("echoed=%u\n", all - left);
}

static void count_alive(void)
{
	unsigned alive = 0;
	char byte;

	for (unsigned i = 0; i < n_fds; i++) {
		ssize_t n = recv(fds[i], &byte, 1, MSG_PEEK);

		alive += n > 0 || (n < 0 && errno == EAGAIN);
	}
	printf("alive=%u\n", alive);
}

static void call(void)
{
	char line[64];
	unsigned n;

	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "open %u", &n) == 1)
			open_some(n);
		else if (strncmp(line, "send", 4) == 0)
			printf("sent=%u\n", send_all());
		else if (strncmp(line, "echo", 4) == 0)
			echo_all();
		else
			count_alive();
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	struct rlimit files;

	if (argc != 4)
		misuse("serve|call ADDRESS PORT");
	to_len = address_need(argv[2], argv[3], &to);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	if (epoll < 0 || setrlimit(RLIMIT_NOFILE, &files))
		die("as many descriptors as may be");
	if (strcmp(argv[1], "serve") == 0)
		serve();
	call();
	return 0;
}
