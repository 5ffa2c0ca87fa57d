// SPDX-License-Identifier: GPL-2.0-only
#include "sender.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "scene.h"

#define SIZE  64
#define FLOOD 300 /* so many that the ledger has had enough */
#define PORT  9000

int sender_socket(enum family family)
{
	int fd = socket(family == FAMILY_4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket: %s", strerror(errno));
	return fd;
}

double cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

struct destination {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t len;
};

/* What is dropped goes to a group: out of the tunnel, and by no other way than the fence's no. */
static void aim(struct destination *to, enum family family, enum target target)
{
	static uint32_t at;

	if (target == SCATTERED)
		at++;
	if (family == FAMILY_4) {
		to->v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(PORT)};
		to->len = sizeof(to->v4);
		inet_pton(AF_INET, target == ALLOWED ? PEER4 : GROUP4, &to->v4.sin_addr);
		to->v4.sin_addr.s_addr ^= htonl(at & 0xffff);
	} else {
		to->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(PORT)};
		to->len = sizeof(to->v6);
		inet_pton(AF_INET6, target == ALLOWED ? PEER6 : GROUP6, &to->v6.sin6_addr);
		to->v6.sin6_addr.s6_addr32[3] ^= htonl(at & 0xffff);
	}
}

static void send_one(int fd, const struct destination *to, enum target target)
{
	static const char data[SIZE];
	bool passed = sendto(fd, data, sizeof(data), 0, &to->any, to->len) == SIZE;

	if (passed != (target == ALLOWED) || (!passed && errno != EPERM))
		die("send: %s", passed ? "it was not dropped" : strerror(errno));
}

double sender_sample(int fd, enum family family, enum target target)
{
	unsigned warm = target == SCATTERED ? FLOOD : BURST / 10, n = 0;
	static struct destination to[BURST + FLOOD];
	double start;

	for (unsigned i = 0; i < warm + BURST; i++)
		aim(&to[i], family, target);
	for (; n < warm; n++) /* the caches are this socket's */
		send_one(fd, &to[n], target);
	start = cpu_time();
	for (; n < warm + BURST; n++)
		send_one(fd, &to[n], target);
	return (cpu_time() - start) / BURST;
}
