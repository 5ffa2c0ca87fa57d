// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket of a WireGuard in user space.
 *
 * Owns: its dialogue, "get=1" and lines of KEY=VALUE up to an empty one, and believing none of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "apart.h"
#include "clock.h"
#include "decimal.h"
#include "wg.h"

#define ANSWER_MAX (1U << 20)
#define MSEC	   2000 /* in all, for one that hangs, or answers byte by byte */

/* ::/0 is a peer's good right; what a configuration may say is narrower (prefix_parse()). */
static bool parse_allowed(char *text, struct prefix *ret)
{
	char *len = strchr(text, '/');
	bool v4 = !strchr(text, ':');

	if (!len)
		return false;
	*len++ = '\0';
	if (!ip_parse(text, &ret->addr) || !decimal_parse(len, v4 ? 32 : 128, &ret->len))
		return false;
	ret->len += v4 ? 96 : 0;
	return true;
}

static int take_line(char *line, struct wg *ret, bool *whole, struct err *e)
{
	char *value = strchr(line, '=');
	struct prefix p;

	if (!value)
		return err_set(e, EXIT_FAILED, "wireguard: not understood: %.40s", line);
	*value++ = '\0';
	if (strcmp(line, "errno") == 0) {
		*whole = true;
		if (strcmp(value, "0") != 0)
			return err_set(e, EXIT_FAILED, "wireguard: refused with errno %.20s",
				       value);
	} else if (strcmp(line, "last_handshake_time_sec") == 0) {
		u64 at = strtoull(value, NULL, 10);

		ret->handshake = at > ret->handshake ? at : ret->handshake;
	} else if (strcmp(line, "allowed_ip") == 0 && parse_allowed(value, &p)) {
		wg_allow(ret, &p);
	}
	return 0;
}

int wg_parse_answer(char *text, struct wg *ret, struct err *e)
{
	bool whole = false;
	char *line;

	memset(ret, 0, sizeof(*ret));
	while ((line = strsep(&text, "\n")) && *line)
		if (take_line(line, ret, &whole, e))
			return -1;
	return whole ? 0 : err_set(e, EXIT_FAILED, "wireguard: an answer cut short");
}

/* What is left until `end` is the limit of the next call; 0 would be none at all. */
static int limit(int fd, int option, u64 end)
{
	u64 now = now_msec(), left = end > now ? end - now : 0;
	struct timeval t = {.tv_sec = (time_t)(left / 1000),
			    .tv_usec = (suseconds_t)(left % 1000 * 1000)};

	if (left)
		return setsockopt(fd, SOL_SOCKET, option, &t, sizeof(t));
	errno = ETIMEDOUT;
	return -1;
}

static int connect_by(int fd, const char *path, u64 end)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	return limit(fd, SO_SNDTIMEO, end) ||
	       connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static int socket_apart(struct err *e)
{
	struct apart a;
	int fd;

	if (apart_open(&a, e))
		return -1;
	fd = apart_socket(&a, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, e);
	apart_close(&a);
	return fd;
}

/*
 * `ready` asks from inside a unit, where the fence refuses it like any member: it is root, and
 * takes a socket of another cgroup. That it must is found out once.
 */
static int connect_to(const char *path, u64 end, struct err *e)
{
	static bool fenced;

	for (;;) {
		int fd = fenced ? socket_apart(e) : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool again = !fenced;

		if (fd >= 0 && connect_by(fd, path, end) == 0)
			return fd;
		if (fd >= 0 || !fenced)
			err_errno(e, "%s", path);
		fenced = fenced || errno == EPERM;
		if (fd >= 0)
			close(fd);
		if (!(again && fenced))
			return -1;
	}
}

/* Up to the empty line: the other side keeps the connection for the next question. */
static ssize_t receive(int fd, char *text, u64 end)
{
	size_t have = 0;

	while (have < ANSWER_MAX) {
		ssize_t n;

		if (limit(fd, SO_RCVTIMEO, end))
			return -1;
		n = recv(fd, text + have, ANSWER_MAX - have, 0);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return -1;
		have += (size_t)n;
		text[have] = '\0';
		if (n == 0 || (have > 1 && strcmp(text + have - 2, "\n\n") == 0))
			return (ssize_t)have;
	}
	errno = EMSGSIZE;
	return -1;
}

static int ask(int fd, char *text, u64 end)
{
	static const char question[] = "get=1\n\n";

	return limit(fd, SO_SNDTIMEO, end) ||
			       send(fd, question, strlen(question), MSG_NOSIGNAL) < 0 ||
			       receive(fd, text, end) < 0
		       ? -1
		       : 0;
}

int wg_read_socket(const char *path, struct wg *ret, struct err *e)
{
	char *text = malloc(ANSWER_MAX + 1);
	u64 end = now_msec() + MSEC;
	int fd, r = -1;

	if (!text)
		return err_errno(e, "%s", path);
	fd = connect_to(path, end, e);
	if (fd >= 0) {
		if (ask(fd, text, end))
			err_errno(e, "%s", path);
		else
			r = wg_parse_answer(text, ret, e);
		close(fd);
	}
	explicit_bzero(text, ANSWER_MAX);
	free(text);
	return r;
}
