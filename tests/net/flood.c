// SPDX-License-Identifier: GPL-2.0-only
/*
 * flood: traffic that goes on whatever happens.
 *
 *   flood udp ADDRESS PORT         unconnected datagrams, as a BitTorrent client sends them
 *   flood connected ADDRESS PORT   connected ones; connects anew after an error
 *   flood tcp ADDRESS PORT         one connection to an echo server; each byte waits for its echo
 *
 *   flood unmarked KIND ...        the same without the fence's mark, so by the host's own routes
 *
 * Says "ready" once it can begin (tcp: is connected), then sends until its standard input ends. For
 * each line on it, answers with what became of the sends so far, "ok=N ERRNO=N ..."; of tcp, how
 * many bytes came back. A last such line at the end.
 *
 * Owns: the pace, PAUSE_USEC between two datagrams, so that two processors can follow; emulated
 * ones say by WGF_FLOOD_PAUSE what they can.
 */
#include "net.h"

#include <poll.h>
#include <unistd.h>

#define PAUSE_USEC 200

static unsigned pause_usec = PAUSE_USEC;
static bool unmarked;
static struct tally tally;
static union address peer;
static socklen_t peer_len;

static int open_socket(int type)
{
	int fd = socket(peer.sa.sa_family, type, 0), none = 0;

	if (fd < 0)
		die("socket");
	if (unmarked && setsockopt(fd, SOL_SOCKET, SO_MARK, &none, sizeof(none)))
		die("mark");
	return fd;
}

/* Answers what was asked; false at the end of the input. */
static bool obey(const struct pollfd *input)
{
	char line[32];

	if (!input->revents)
		return true;
	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		return false;
	tally_print(&tally);
	fflush(stdout);
	return true;
}

static void flood_unconnected(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	int fd = open_socket(SOCK_DGRAM);

	while (obey(&input)) {
		tally_add(&tally, sendto(fd, "flood", 5, 0, &peer.sa, peer_len));
		usleep(pause_usec);
		poll(&input, 1, 0);
	}
}

/* An error may be one that lasts as long as the socket does: its address may be gone. */
static void flood_connected(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	int fd = -1;

	while (obey(&input)) {
		ssize_t n = -1;

		if (fd < 0) {
			fd = open_socket(SOCK_DGRAM);
			n = connect(fd, &peer.sa, peer_len);
		}
		if (n == 0 || fd >= 0)
			n = send(fd, "flood", 5, 0);
		tally_add(&tally, n);
		if (n < 0) {
			close(fd);
			fd = -1;
		}
		usleep(pause_usec);
		poll(&input, 1, 0);
	}
}

static void flood_tcp(void)
{
	struct pollfd polled[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.events = POLLIN}};
	int fd = open_socket(SOCK_STREAM);
	char byte;

	if (connect(fd, &peer.sa, peer_len))
		die("connect");
	printf("ready\n");
	fflush(stdout);
	polled[1].fd = fd;
	send(fd, "x", 1, MSG_NOSIGNAL);
	while (obey(&polled[0])) {
		if (poll(polled, 2, -1) < 0)
			die("poll");
		if (!polled[1].revents)
			continue;
		tally_add(&tally, recv(fd, &byte, 1, 0) == 1 ? 0 : -1);
		usleep(pause_usec);
		send(fd, "x", 1, MSG_NOSIGNAL);
	}
}

int main(int argc, char **argv)
{
	const char *pause = getenv("WGF_FLOOD_PAUSE");

	if (argc > 1 && strcmp(argv[1], "unmarked") == 0) {
		unmarked = true;
		argv++;
		argc--;
	}
	if (argc != 4)
		misuse("[unmarked] udp|connected|tcp ADDRESS PORT");
	if (pause)
		pause_usec = (unsigned)atoi(pause);
	peer_len = address_need(argv[2], argv[3], &peer);
	if (strcmp(argv[1], "tcp") == 0) {
		flood_tcp();
	} else {
		printf("ready\n");
		fflush(stdout);
		if (strcmp(argv[1], "udp") == 0)
			flood_unconnected();
		else
			flood_connected();
	}
	tally_print(&tally);
	return 0;
}
