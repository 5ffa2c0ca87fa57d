// SPDX-License-Identifier: GPL-2.0-only
/*
 * serve: a peer that answers, TCP and UDP.
 *
 *   serve ADDRESS:PORT[:mute] ...       ([ADDRESS]:PORT for IPv6; mute: takes datagrams in silence)
 *
 * Says "ready", then echoes what comes by TCP and UDP until it is killed.
 *
 * Owns: the loop. Bound to an address each, so that a reply has the source that was asked.
 */
#include "net.h"

#include <poll.h>
#include <unistd.h>

#define MAX_FDS 512

enum kind { LISTENER, STREAM, DATAGRAM, MUTE };

static struct pollfd polled[MAX_FDS];
static enum kind kinds[MAX_FDS];
static nfds_t n_fds;

static void add(int fd, enum kind kind)
{
	if (fd < 0 || n_fds == MAX_FDS)
		die("a socket");
	polled[n_fds] = (struct pollfd){.fd = fd, .events = POLLIN};
	kinds[n_fds++] = kind;
}

static int make(const union address *a, socklen_t len, int type)
{
	int fd = socket(a->sa.sa_family, type | SOCK_NONBLOCK, 0), one = 1;

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, &a->sa, len) || (type == SOCK_STREAM && listen(fd, 64)))
		die("bind");
	return fd;
}

static void serve_on(const char *text)
{
	char address[64], port[8], rest[8] = "";
	union address a;
	socklen_t len;

	if (sscanf(text, "[%63[^]]]:%7[0-9]:%7s", address, port, rest) < 2 &&
	    sscanf(text, "%63[^:]:%7[0-9]:%7s", address, port, rest) < 2)
		misuse("ADDRESS:PORT[:mute] ...");
	len = address_need(address, port, &a);
	add(make(&a, len, SOCK_STREAM), LISTENER);
	add(make(&a, len, SOCK_DGRAM), strcmp(rest, "mute") == 0 ? MUTE : DATAGRAM);
}

static void echo_datagram(int fd, bool mute)
{
	char data[65536];
	union address from;
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(fd, data, sizeof(data), 0, &from.sa, &len);

	if (n >= 0 && !mute)
		sendto(fd, data, (size_t)n, 0, &from.sa, len);
}

/* False where the connection is over. */
static bool echo_stream(int fd)
{
	char data[65536];
	ssize_t n = recv(fd, data, sizeof(data), 0);

	if (n > 0)
		send(fd, data, (size_t)n, MSG_NOSIGNAL);
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void take(nfds_t i)
{
	switch (kinds[i]) {
	case LISTENER:
		add(accept4(polled[i].fd, NULL, NULL, SOCK_NONBLOCK), STREAM);
		break;
	case STREAM:
		if (echo_stream(polled[i].fd))
			break;
		close(polled[i].fd);
		n_fds--;
		polled[i] = polled[n_fds];
		kinds[i] = kinds[n_fds];
		break;
	default:
		echo_datagram(polled[i].fd, kinds[i] == MUTE);
	}
}

int main(int argc, char **argv)
{
	if (argc < 2)
		misuse("ADDRESS:PORT[:mute] ...");
	for (int i = 1; i < argc; i++)
		serve_on(argv[i]);
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		if (poll(polled, n_fds, -1) < 0)
			die("poll");
		for (nfds_t i = n_fds; i > 0; i--)
			if (polled[i - 1].revents)
				take(i - 1);
	}
}
