// SPDX-License-Identifier: GPL-2.0-only
/*
 * pester: what nobody should do to a socket that gives events or the state.
 *
 *   pester SOCKET rubbish N       N connections one after the other, each with bytes of no sense
 *   pester SOCKET descriptors N   the same, each with as many descriptors as a message can pass
 *   pester SOCKET flood SECONDS   connects and goes, as fast as it can
 *   pester SOCKET hold N          N connections at a time that never read, some half closed, until
 *                                 standard input ends; says "ready" when it has them
 *
 * SIGTERM ends it early. Prints what became of the connections, "ok=N ENOENT=N", and of the
 * descriptors whether anybody still has them, in a line before.
 *
 * Owns: bad manners.
 */
#include "net.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define RUBBISH	  65536
#define PASSED	  253 /* SCM_MAX_FD */
#define WAIT_MSEC 10000

static union address to;
static socklen_t to_len;
static struct tally tally;

static volatile sig_atomic_t enough; /* told to end */

static void on_term(int signal)
{
	(void)signal;
	enough = 1;
}

/* -1 where it is refused. */
static int come(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), r;

	if (fd < 0)
		die("socket");
	r = connect(fd, &to.sa, to_len);
	tally_add(&tally, r);
	if (r == 0)
		return fd;
	close(fd);
	return -1;
}

static void rubbish(unsigned long n)
{
	static char bytes[RUBBISH];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)rand();
	for (unsigned long i = 0; i < n && !enough; i++) {
		int fd = come();

		if (fd < 0)
			continue;
		send(fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL);
		close(fd);
	}
}

static void pass(int fd, int passed)
{
	union {
		struct cmsghdr align;
		char buffer[CMSG_SPACE(PASSED * sizeof(int))];
	} control;
	char byte = 'x';
	struct iovec iov = {&byte, 1};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control.buffer,
			     .msg_controllen = sizeof(control.buffer)};
	struct cmsghdr *c;

	memset(&control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&msg);
	*c = (struct cmsghdr){.cmsg_len = CMSG_LEN(PASSED * sizeof(int)),
			      .cmsg_level = SOL_SOCKET,
			      .cmsg_type = SCM_RIGHTS};
	for (int i = 0; i < PASSED; i++)
		memcpy(CMSG_DATA(c) + (size_t)i * sizeof(int), &passed, sizeof(int));
	sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* The reading end of a pipe ends when nobody has the other one any more, in a queue or as its own.
 */
static void descriptors(unsigned long n)
{
	int ends[2];
	struct pollfd end;

	if (pipe2(ends, O_CLOEXEC))
		die("pipe");
	for (unsigned long i = 0; i < n && !enough; i++) {
		int fd = come();

		if (fd < 0)
			continue;
		pass(fd, ends[1]);
		close(fd);
	}
	close(ends[1]);
	end = (struct pollfd){.fd = ends[0], .events = POLLIN};
	printf("%s\n", poll(&end, 1, WAIT_MSEC) == 1 ? "released" : "held");
}

static void flood(double seconds)
{
	struct timespec t;
	double end = 0, now = 0;

	for (unsigned long i = 0; !enough && (i == 0 || now < end); i++) {
		int fd = come();

		if (fd >= 0)
			close(fd);
		clock_gettime(CLOCK_MONOTONIC, &t);
		now = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
		if (i == 0)
			end = now + seconds;
	}
}

/* Whole, or with one direction closed, by turns. */
static void hold(unsigned long n)
{
	struct rlimit files;
	char byte;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	for (unsigned long i = 0; i < n && !enough; i++) {
		int fd = come();

		if (fd < 0)
			die("one of those that are to be held");
		if (i % 3)
			shutdown(fd, i % 3 == 1 ? SHUT_WR : SHUT_RD);
	}
	printf("ready\n");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
}

int main(int argc, char **argv)
{
	const struct sigaction term = {.sa_handler = on_term};
	unsigned long n = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;

	if (!n)
		misuse("SOCKET rubbish|descriptors|hold N, or SOCKET flood SECONDS");
	to_len = address_need(argv[1], "0", &to);
	sigaction(SIGTERM, &term, NULL);
	if (strcmp(argv[2], "rubbish") == 0)
		rubbish(n);
	else if (strcmp(argv[2], "descriptors") == 0)
		descriptors(n);
	else if (strcmp(argv[2], "flood") == 0)
		flood((double)n);
	else
		hold(n);
	tally_print(&tally);
	return 0;
}
