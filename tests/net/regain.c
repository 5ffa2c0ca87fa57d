// SPDX-License-Identifier: GPL-2.0-only
/*
 * regain: a client that goes on whatever happens, and knows since when it is answered again.
 *
 *   regain udp|connected|tcp ADDRESS PORT [FROM]     of an echo server; FROM: bound to that address
 *
 * Asks every millisecond; by TCP one byte after the other. For each line on standard input answers
 * "since MS", the time (Unix, in ms) of the first answer after the last gap, or "not ERRNO" in a
 * gap: how the last send failed, EAGAIN where it did not and no answer has come for GAP_MS.
 *
 * Owns: what a gap is. Never makes another socket: that is what is asked for.
 */
#include "net.h"

#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#define GAP_MS 100

static struct {
	int fd, error;
	bool stream, through;
	long long asked, answered, since; /* ms */
	union address peer;
	socklen_t peer_len;
	bool connected;
} c;

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void open_client(const char *kind, const char *from)
{
	union address own;

	c.stream = strcmp(kind, "tcp") == 0;
	c.connected = strcmp(kind, "udp") != 0;
	c.fd = socket(c.peer.sa.sa_family, c.stream ? SOCK_STREAM : SOCK_DGRAM, 0);
	if (c.fd < 0 || (from && bind(c.fd, &own.sa, address_need(from, "0", &own))) ||
	    (c.connected && connect(c.fd, &c.peer.sa, c.peer_len)))
		die(kind);
	fcntl(c.fd, F_SETFL, O_NONBLOCK);
}

static void failed(int error)
{
	c.through = false;
	c.error = error;
}

static void ask(void)
{
	ssize_t n = c.connected ? send(c.fd, "r", 1, MSG_NOSIGNAL)
				: sendto(c.fd, "r", 1, 0, &c.peer.sa, c.peer_len);

	if (n < 0)
		failed(errno);
	else if (c.error != EAGAIN && !c.through)
		c.error = EAGAIN;
	c.asked = now();
}

static void hear(void)
{
	char data[4096];
	ssize_t n = recv(c.fd, data, sizeof(data), 0);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		failed(n ? errno : EPIPE);
	if (n <= 0)
		return;
	c.answered = now();
	if (!c.through)
		c.since = c.answered;
	c.through = true;
}

static void look(void)
{
	if (c.through && now() - c.answered > GAP_MS)
		failed(EAGAIN);
	if (c.stream ? c.answered >= c.asked : now() > c.asked)
		ask();
}

static bool obey(const struct pollfd *input)
{
	char line[32];

	if (!input->revents)
		return true;
	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		return false;
	if (c.through)
		printf("since %lld\n", c.since);
	else
		printf("not %s\n", strerrorname_np(c.error));
	fflush(stdout);
	return true;
}

int main(int argc, char **argv)
{
	struct pollfd polled[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.events = POLLIN}};
	bool told = false;

	if (argc != 4 && argc != 5)
		misuse("udp|connected|tcp ADDRESS PORT [FROM]");
	c.peer_len = address_need(argv[2], argv[3], &c.peer);
	open_client(argv[1], argv[4]);
	polled[1].fd = c.fd;
	while (obey(&polled[0])) {
		look();
		if (poll(polled, 2, 1) > 0 && polled[1].revents)
			hear();
		if (c.through && !told) {
			printf("ready\n");
			fflush(stdout);
			told = true;
		}
	}
	return 0;
}
