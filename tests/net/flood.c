// SPDX-License-Identifier: GPL-2.0-only
/*
 * flood: traffic that goes on whatever happens.
 *
 *   flood udp ADDRESS PORT         unconnected datagrams, as a BitTorrent client sends them
 *   flood connected ADDRESS PORT   connected ones; connects anew after an error
 *   flood tcp ADDRESS PORT         one connection to an echo server; each byte waits for its echo
 *   flood again ADDRESS PORT       connections, one after the other, a byte each; one that hangs is
 *                                  given up
 *
 *   flood unmarked KIND ...        the same without the fence's mark, so by the host's own routes
 *
 * Says "ready" once it can begin (tcp: is connected), then sends until its standard input ends. For
 * each line on it, answers with what became of the sends so far, "ok=N ERRNO=N ..."; of tcp, how
 * many bytes came back. A last such line at the end.
 *
 * Owns: the pace, so that two processors can follow: how long it rests between two datagrams and
 * between two connections, and waits for one. Emulated ones say what they can, in seconds:
 * WGF_FLOOD_PAUSE, WGF_AGAIN, WGF_PATIENCE.
 */
#include "net.h"

#include <poll.h>
#include <unistd.h>

static unsigned pause_usec = 200, again_usec = 20000, patience_usec = 100000;
static bool unmarked;
static struct tally tally;
static union address peer;
static socklen_t peer_len;

static int try_socket(int type)
{
	int fd = socket(peer.sa.sa_family, type, 0), none = 0;

	if (fd < 0 || !unmarked || setsockopt(fd, SOL_SOCKET, SO_MARK, &none, sizeof(none)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int open_socket(int type)
{
	int fd = try_socket(type);

	if (fd < 0)
		die("socket");
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

/* SO_SNDTIMEO bounds connect(2), too. With no socket at all it is a try that failed. */
static void flood_again(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	struct timeval patience = {patience_usec / 1000000, patience_usec % 1000000};

	while (obey(&input)) {
		int fd = try_socket(SOCK_STREAM);
		ssize_t n = -1;

		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		if (connect(fd, &peer.sa, peer_len) == 0)
			n = send(fd, "x", 1, MSG_NOSIGNAL);
		tally_add(&tally, n);
		if (fd >= 0)
			close(fd);
		poll(&input, 1, (int)again_usec / 1000);
	}
}

/* A time in seconds that the environment names. */
static void paced(const char *name, unsigned *usec)
{
	const char *text = getenv(name);

	if (text)
		*usec = (unsigned)(atof(text) * 1e6);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "unmarked") == 0) {
		unmarked = true;
		argv++;
		argc--;
	}
	if (argc != 4)
		misuse("[unmarked] udp|connected|tcp|again ADDRESS PORT");
	paced("WGF_FLOOD_PAUSE", &pause_usec);
	paced("WGF_AGAIN", &again_usec);
	paced("WGF_PATIENCE", &patience_usec);
	peer_len = address_need(argv[2], argv[3], &peer);
	if (strcmp(argv[1], "tcp") == 0) {
		flood_tcp();
	} else {
		printf("ready\n");
		fflush(stdout);
		if (strcmp(argv[1], "udp") == 0)
			flood_unconnected();
		else if (strcmp(argv[1], "again") == 0)
			flood_again();
		else
			flood_connected();
	}
	tally_print(&tally);
	return 0;
}
