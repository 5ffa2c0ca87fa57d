/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hub and its readers, in one process.
 *
 * Owns: the fixture (a directory, an event loop, a hub; nothing is left of it, no descriptor
 * either), and a reader that knows which numbered line must come next.
 */
#ifndef WGF_TEST_HUBS_H
#define WGF_TEST_HUBS_H

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "config.h"
#include "hub.h"
#include "hub_listen.h"
#include "types.h"

#ifndef WGF_VERSION
#define WGF_VERSION "0" /* for the linters */
#endif
#define NO_GROUP "wgf no such group"
#define HELLO	 "{\"schema\":1,\"type\":\"hello\",\"fence\":\"q\",\"version\":\"" WGF_VERSION "\"}"
#define SPINNING 1000 /* so many wake-ups in a row are a busy loop */

static char dir[64];
static sd_event *event;
static struct hub *hub;
static struct err err;
static unsigned descriptors_before;

static inline unsigned descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static inline void open_hub(void)
{
	hub = NULL;
	if (hub_open_at(dir, NO_GROUP, "q", event, &hub, &err))
		fail_msg("%s", err.text);
}

static inline int set_up_loop(void **state)
{
	(void)state;
	descriptors_before = descriptors();
	strcpy(dir, "/tmp/wgf-hub-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_true(sd_event_new(&event) >= 0);
	return 0;
}

static inline int set_up(void **state)
{
	set_up_loop(state);
	open_hub();
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	hub_close(hub);
	hub = NULL;
	event = sd_event_unref(event);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(descriptors(), descriptors_before);
	return 0;
}

/* Runs the loop until it has nothing to do; how often it woke up. */
static inline unsigned settle(void)
{
	unsigned n = 0;

	while (sd_event_run(event, 0) > 0)
		if (++n == SPINNING)
			fail_msg("the loop spins");
	return n;
}

static inline void assert_idle(void)
{
	for (int i = 0; i < 10; i++)
		assert_int_equal(sd_event_run(event, 5000), 0);
}

struct client {
	int fd;
	char line[512], data[4096];
	size_t have, begin, end;
	u64 next, lost, notes; /* the number that must come next; lines lost, and words of it */
};

static inline struct client connected(void)
{
	struct client c = {.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	struct sockaddr_un address;

	assert_int_equal(hub_address(dir, "q", HUB_SOCKET, &address, &err), 0);
	assert_int_equal(connect(c.fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return c;
}

/* The next byte; -1 where none is there, -2 where none will come. */
static inline int client_byte(struct client *c)
{
	if (c->begin == c->end) {
		ssize_t n = recv(c->fd, c->data, sizeof(c->data), MSG_DONTWAIT);

		if (n <= 0)
			return n < 0 && errno == EAGAIN ? -1 : -2;
		c->begin = 0;
		c->end = (size_t)n;
	}
	return (unsigned char)c->data[c->begin++];
}

/* A line, without its end; "" where no whole one is there yet, NULL where none will come. */
static inline const char *client_line(struct client *c)
{
	for (;;) {
		int byte = client_byte(c);

		if (byte < 0)
			return byte == -1 ? "" : NULL;
		if (byte == '\n')
			break;
		assert_true(c->have < sizeof(c->line) - 1);
		c->line[c->have++] = (char)byte;
	}
	c->line[c->have] = '\0';
	c->have = 0;
	return c->line;
}

static inline struct client greeted(void)
{
	struct client c = connected();

	settle();
	assert_string_equal(client_line(&c), HELLO);
	return c;
}

static inline void publish(u64 number)
{
	char line[256];
	int len = snprintf(line, sizeof(line), "%llu %*s\n", number, (int)(number % 200), "");

	hub_publish(hub, line, (size_t)len);
}

/* Everything that is there, while the loop runs; each line must be the next one, or say why not. */
static inline void client_take(struct client *c)
{
	const char *line;
	u64 number;

	for (;;) {
		line = client_line(c);
		assert_non_null(line);
		if (!*line && settle() == 0)
			return;
		if (!*line)
			continue;
		if (sscanf(line, "{\"schema\":1,\"type\":\"lost\",\"count\":%llu}", &number) == 1) {
			assert_true(number > 0);
			c->lost += number;
			c->next += number;
			c->notes++;
			continue;
		}
		assert_int_equal(strtoull(line, NULL, 10), c->next);
		c->next++;
	}
}

#endif
