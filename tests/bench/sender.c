// SPDX-License-Identifier: GPL-2.0-only
#include "sender.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "scene.h"

#define SIZE 64
#define PORT 9000

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

double sender_sample(int fd, enum family family)
{
	struct sockaddr_in to4 = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = htons(PORT)};
	const void *to = family == FAMILY_4 ? (void *)&to4 : (void *)&to6;
	socklen_t len = family == FAMILY_4 ? sizeof(to4) : sizeof(to6);
	char data[SIZE] = {0};
	double start;

	inet_pton(AF_INET, PEER4, &to4.sin_addr);
	inet_pton(AF_INET6, PEER6, &to6.sin6_addr);
	for (unsigned i = 0; i < BURST / 10; i++) /* the caches are this socket's */
		sendto(fd, data, sizeof(data), 0, to, len);
	start = cpu_time();
	for (unsigned i = 0; i < BURST; i++)
		if (sendto(fd, data, sizeof(data), 0, to, len) != SIZE)
			die("send: %s", strerror(errno));
	return (cpu_time() - start) / BURST;
}
