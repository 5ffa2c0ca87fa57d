// SPDX-License-Identifier: GPL-2.0-only
#include "top_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hub_listen.h"
#include "state_serve.h"

#define ASK_MSEC     1000
#define GIVE_UP_MSEC 5000

/* The last failure is what is shown; EAGAIN is a daemon that has many to answer. */
static int failed(struct top_source *s, const char *path)
{
	if (errno == EAGAIN)
		return -1;
	if (errno == ENOENT || errno == ECONNREFUSED)
		err_set(&s->e, EXIT_NOT_ENFORCED,
			"`wgfence run` does not run for the fence %s, and only it can tell",
			s->fence);
	else if (errno == EACCES)
		err_set(&s->e, EXIT_FAILED, "%s: only root and the group " HUB_GROUP " may look",
			path);
	else
		err_errno(&s->e, "%s", path);
	return -1;
}

static int connect_to(struct top_source *s, const char *socket_name)
{
	struct sockaddr_un address;
	int fd;

	if (hub_address(RUN_DIR, s->fence, socket_name, &address, &s->e))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	failed(s, address.sun_path);
	if (fd >= 0)
		close(fd);
	return -1;
}

static void hang_up(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int top_source_open(struct top_source *s, const char *fence, struct err *e)
{
	*s = (struct top_source){.fence = fence, .state = -1, .events = -1};
	s->room = STATE_MAX_TEXT;
	s->answer = malloc(s->room);
	return s->answer ? 0 : err_errno(e, "no memory");
}

void top_source_close(struct top_source *s)
{
	hang_up(&s->state);
	hang_up(&s->events);
	free(s->answer);
	s->answer = NULL;
}

static void take_problem(const struct top_source *s, struct top *t)
{
	snprintf(t->problem, sizeof(t->problem), "%.255s", s->e.text);
}

/* Root needs no daemon: without one there are no events, but the counters go on. */
static bool read_pins(struct top_source *s, struct top *t)
{
	static struct state state; /* too large for comfort on the stack */

	if (geteuid() != 0 || state_read(s->fence, "", &state, &s->e))
		return false;
	top_take_state(t, &state);
	snprintf(t->problem, sizeof(t->problem),
		 "`wgfence run` does not run: counters alone, no events");
	s->e = (struct err){.code = EXIT_FINE};
	return true;
}

bool top_source_tick(struct top_source *s, u64 now, struct top *t)
{
	if (s->state >= 0 && now - s->asked >= GIVE_UP_MSEC) {
		hang_up(&s->state);
		err_set(&s->e, EXIT_FAILED, "the daemon of the fence %s does not answer", s->fence);
		take_problem(s, t);
	}
	if (s->state >= 0 || (s->asked && now - s->asked < ASK_MSEC))
		return false;
	s->asked = now;
	s->len = 0;
	if (s->events < 0 && !s->no_events) {
		s->have = 0;
		s->events = connect_to(s, HUB_SOCKET);
	}
	s->state = connect_to(s, STATE_SOCKET);
	if (s->state >= 0)
		return false;
	if (s->e.code == EXIT_NOT_ENFORCED && read_pins(s, t))
		return true;
	take_problem(s, t);
	return false;
}

void top_source_wait(const struct top_source *s, struct pollfd fds[2])
{
	fds[0] = (struct pollfd){.fd = s->state, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = s->events, .events = POLLIN};
}

static void take_line(const struct top_source *s, const char *line, size_t len, struct top *t)
{
	struct event_line l;

	switch (event_parse(line, len, &l)) {
	case LINE_EVENT:
		top_take_event(t, &l);
		break;
	case LINE_LOST:
		t->lost += l.lost;
		break;
	case LINE_REFUSED:
		snprintf(t->problem, sizeof(t->problem), "no events of %s: %.127s", s->fence,
			 l.message);
		break;
	default:
		break;
	}
}

/* A piece, whatever more is there; a line that fills all the room is none. */
static void take_events(struct top_source *s, struct top *t)
{
	ssize_t n = recv(s->events, s->data + s->have, sizeof(s->data) - s->have, MSG_DONTWAIT);
	char *line = s->data, *end;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		hang_up(&s->events);
		return;
	}
	s->have += (size_t)n;
	while ((end = memchr(line, '\n', s->have))) {
		take_line(s, line, (size_t)(end - line), t);
		s->have -= (size_t)(end + 1 - line);
		line = end + 1;
	}
	memmove(s->data, line, s->have);
	if (s->have == sizeof(s->data))
		hang_up(&s->events);
}

/* The end of the answer is the end of the connection. */
static bool take_answer(struct top_source *s, struct top *t)
{
	static struct state state;
	ssize_t n = recv(s->state, s->answer + s->len, s->room - s->len, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n > 0) {
		s->len += (size_t)n;
		if (s->len < s->room)
			return false;
	}
	hang_up(&s->state);
	if (!state_parse(s->answer, s->len, &state) || strcmp(state.fence, s->fence) != 0) {
		err_set(&s->e, EXIT_FAILED, "an answer of the daemon that is not understood");
		take_problem(s, t);
		return false;
	}
	s->e = (struct err){.code = EXIT_FINE};
	top_take_state(t, &state);
	return true;
}

bool top_source_take(struct top_source *s, struct top *t)
{
	if (s->events >= 0)
		take_events(s, t);
	return s->state >= 0 && take_answer(s, t);
}
