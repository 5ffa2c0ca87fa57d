// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections of the tunnel that are turned to the home line, and what of them is left when they
 * are closed or their process is killed: the kernel goes on sending.
 *
 * Owns: that these come last. What they leave is dropped again and again, and would be counted as
 * some other attempt's.
 */
#include "attack.h"

#include <linux/tcp.h>
#include <signal.h>
#include <unistd.h>

/* Nothing of it is for the tunnel any more. */
static int turned(int v)
{
	int fd = connected(v);

	step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, world.home_if,
				      (socklen_t)strlen(world.home_if)));
	return fd;
}

static void turned_and_sends(int v)
{
	step("send", send(turned(v), mark.text, mark.len, MSG_NOSIGNAL));
	usleep(300000); /* for a retransmission */
}

static void turned_urgent(int v)
{
	step("send", send(turned(v), mark.text, mark.len, MSG_NOSIGNAL | MSG_OOB));
}

static void turned_and_shut(int v)
{
	step("shutdown", shutdown(turned(v), SHUT_WR));
	usleep(300000);
}

static void turned_and_reset(int v)
{
	struct linger at_once = {.l_onoff = 1};
	int fd = turned(v);

	step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)));
	step("close", close(fd));
}

static void turned_and_killed(int v)
{
	step("send", send(turned(v), mark.text, mark.len, MSG_NOSIGNAL));
	die_with_answer(SIGKILL);
}

static void with_ulp(int v)
{
	int fd = connected(v);

	step("setsockopt", setsockopt(fd, IPPROTO_TCP, TCP_ULP, "tls", 3));
	step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, world.home_if,
				      (socklen_t)strlen(world.home_if)));
	step("send", send(fd, mark.text, mark.len, MSG_NOSIGNAL));
}

static void with_espintcp(int v)
{
	step("setsockopt", setsockopt(connected(v), IPPROTO_TCP, TCP_ULP, "espintcp", 8));
}

/* Connections in many states, and their process is gone at once. */
static void killed_with(int state)
{
	for (unsigned n = 0; n < 20; n++) {
		int v = (int)n % 2, fd = connected(v);

		if (fd < 0)
			continue;
		if (send(fd, mark.text, mark.len, MSG_NOSIGNAL) < 0)
			continue;
		if (state == 1)
			shutdown(fd, SHUT_WR);
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, world.home_if,
			   (socklen_t)strlen(world.home_if));
	}
	say("killed");
	die_with_answer(SIGKILL);
}

/* Orphans that nobody waits for, each with a connection that was turned to the home line. */
static void bomb(int arg)
{
	(void)arg;
	for (unsigned n = 0; n < 100; n++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0) {
			begin(tcp((int)n % 2), &world.past[n % 2]);
			usleep(20000);
			_exit(0);
		}
	}
	say("100 orphans");
	die_with_answer(SIGKILL);
}

#define BOTH(title, function)                                            \
	{.name = "TCP, " title, .run = (function)},                      \
	{                                                                \
		.name = "TCP, IPv6, " title, .run = (function), .arg = 1 \
	}

const struct attempt remains_attempts[] = {
	BOTH("of the tunnel, turned to the home line: data", turned_and_sends),
	BOTH("of the tunnel, turned to the home line: urgent data", turned_urgent),
	BOTH("of the tunnel, turned to the home line: its end", turned_and_shut),
	BOTH("of the tunnel, turned to the home line: a reset", turned_and_reset),
	BOTH("of the tunnel, turned to the home line: killed", turned_and_killed),
	{.name = "TCP, kernel TLS, turned to the home line", .run = with_ulp},
	{.name = "TCP, espintcp", .run = with_espintcp},
	{.name = "killed with connections that are turned to the home line", .run = killed_with},
	{.name = "killed in FIN_WAIT, turned to the home line", .run = killed_with, .arg = 1},
	{.name = "100 orphans with connections that begin", .run = bomb},
	{.name = NULL},
};
