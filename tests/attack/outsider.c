// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process outside of the fence: what a helper of the host's does for whoever asks.
 *
 * Owns: its sockets: of each type one with a path and an abstract one.
 */
#include "outsider.h"

#include <poll.h>
#include <unistd.h>

#include "attack.h"

static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};

size_t outsider_name(int type, bool abstract, char *ret, size_t size)
{
	const char *base = strrchr(world.dir, '/');

	if (!abstract)
		return (size_t)snprintf(ret, size, "%s/%d", world.dir, type) + 1;
	ret[0] = '\0';
	return 1 + (size_t)snprintf(ret + 1, size - 1, "attack-%s-%d", base ? base + 1 : "", type);
}

static socklen_t address(int type, bool abstract, struct sockaddr_un *ret)
{
	ret->sun_family = AF_UNIX;
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			   outsider_name(type, abstract, ret->sun_path, sizeof(ret->sun_path)));
}

int outsider_ask(int type, bool abstract, const char *question)
{
	struct sockaddr_un a = {0};
	socklen_t len = address(type, abstract, &a);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	step("socket", fd);
	if (type == SOCK_DGRAM)
		step("sendto", sendto(fd, question, strlen(question), MSG_NOSIGNAL,
				      (struct sockaddr *)&a, len));
	else if (step("connect", connect(fd, (struct sockaddr *)&a, len)))
		step("send", send(fd, question, strlen(question), MSG_NOSIGNAL));
	return fd;
}

static int listener(int type, bool abstract)
{
	struct sockaddr_un a = {0};
	socklen_t len = address(type, abstract, &a);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) ||
	    (type != SOCK_DGRAM && listen(fd, 16)))
		die(a.sun_path[0] ? a.sun_path : "an abstract socket");
	return fd;
}

static void answer(int fd, int own)
{
	char question[64] = "", text[32];
	union address a = world.past[0];
	unsigned number;
	int len;

	if (recv(fd, question, sizeof(question) - 1, 0) <= 0)
		return;
	if (strcmp(question, "give") == 0)
		hand_over(fd, own);
	if (sscanf(question, "send %u", &number) != 1)
		return;
	a.v4.sin_port = htons((in_port_t)(PORTS + number));
	len = snprintf(text, sizeof(text), "attack=%04u;for another", number);
	sendto(own, text, (size_t)len, 0, &a.sa, sizeof(a.v4));
}

static void serve(int fd, int type, int own)
{
	int peer = type == SOCK_DGRAM ? fd : accept(fd, NULL, NULL);

	if (peer < 0)
		return;
	answer(peer, own);
	if (peer != fd)
		close(peer);
}

int outsider_run(void)
{
	struct pollfd polled[2 * N_OF(types)];
	int own = socket(AF_INET, SOCK_DGRAM, 0);

	if (own < 0 || dup2(own, OUTSIDER_FD) < 0)
		die("socket");
	for (unsigned i = 0; i < N_OF(polled); i++)
		polled[i] = (struct pollfd){.fd = listener(types[i / 2], i % 2), .events = POLLIN};
	printf("ready\n");
	fflush(stdout);
	while (poll(polled, N_OF(polled), -1) > 0)
		for (unsigned i = 0; i < N_OF(polled); i++)
			if (polled[i].revents)
				serve(polled[i].fd, types[i / 2], own);
	return 0;
}
