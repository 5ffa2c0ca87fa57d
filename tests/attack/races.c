// SPDX-License-Identifier: GPL-2.0-only
/*
 * Against time: floods while the suite changes the fence and the tunnel.
 *
 * Owns: what floods. What is changed beside it is the suite's (attack.sh, `beside`).
 */
#include "attack.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#define FLOOD_MS 1500

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* A new socket each time, which is bound as it will. */
static void tries(int v)
{
	union address a = at(&world.past[v]), b = at(&world.inner[v]);
	int fd = socket(FAMILY(v), SOCK_DGRAM | SOCK_CLOEXEC, 0);

	sendto(fd, mark.text, mark.len, MSG_DONTWAIT, &a.sa, size_of(&a));
	sendto(fd, mark.text, mark.len, MSG_DONTWAIT, &b.sa, size_of(&b));
	close(fd);
	fd = socket(FAMILY(v), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	(void)connect(fd, &a.sa, size_of(&a));
	close(fd);
}

static void flood(int streams)
{
	long long end = now_ms() + FLOOD_MS;
	unsigned long n = 0;

	(void)streams;
	for (; now_ms() < end; n++)
		tries((int)(n % 2));
	say("flooded");
}

/* Two at once, and each with children that come and go. */
static void flood_of_orphans(int arg)
{
	long long end = now_ms() + FLOOD_MS;

	(void)arg;
	signal(SIGCHLD, SIG_IGN);
	while (now_ms() < end) {
		pid_t pid = fork();

		if (pid == 0) {
			if (fork() == 0) {
				usleep(1000); /* by now nobody's child */
				tries(0);
				tries(1);
			}
			_exit(0);
		}
		usleep(500);
	}
	say("flooded");
}

const struct attempt race_attempts[] = {
	{.name = "a flood while the policy is published anew", .run = flood},
	{.name = "a flood while the tunnel goes and comes", .run = flood},
	{.name = "a flood while the tunnel is made anew", .run = flood},
	{.name = "a flood while the daemon is killed and started", .run = flood},
	{.name = "a flood of orphans while the policy is published anew", .run = flood_of_orphans},
	{.name = NULL},
};
