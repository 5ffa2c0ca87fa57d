// SPDX-License-Identifier: GPL-2.0-only
#include "state_serve.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "hub_listen.h"
#include "state.h"

/*
 * Within this time the same answer goes out again, so that asking without end costs little more
 * than asking. The pause after a failure to accept is as in hub.c.
 */
#define FRESH_MSEC 100
#define PAUSE_USEC (1000ULL * 1000)

struct state_server {
	const char *name, *cgroup;
	sd_event_source *listener; /* owns its socket */
	sd_event_source *pause;
	char *text;
	size_t len;
	u64 made; /* now_msec() of the text */
	struct state state;
};

/* "" where it cannot be read: who asks sees that there is no answer. */
static void make_text(struct state_server *s)
{
	struct err ignored;
	FILE *out;

	free(s->text);
	s->text = NULL;
	s->len = 0;
	s->made = now_msec();
	if (state_read(s->name, s->cgroup, &s->state, &ignored))
		return;
	out = open_memstream(&s->text, &s->len);
	if (!out)
		return;
	state_json(out, &s->state);
	if (fclose(out))
		s->len = 0;
}

static void answer(struct state_server *s, int fd)
{
	if (!s->text || now_msec() - s->made >= FRESH_MSEC)
		make_text(s);
	if (s->len)
		send(fd, s->text, s->len, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

static int on_connection(sd_event_source *source, int listener, uint32_t events, void *context)
{
	struct state_server *s = context;
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)events;
	if (fd >= 0)
		answer(s, fd);
	else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED &&
		 sd_event_source_set_time_relative(s->pause, PAUSE_USEC) >= 0 &&
		 sd_event_source_set_enabled(s->pause, SD_EVENT_ONESHOT) >= 0)
		sd_event_source_set_enabled(s->listener, SD_EVENT_OFF);
	return 0;
}

static int on_pause_over(sd_event_source *source, uint64_t usec, void *context)
{
	struct state_server *s = context;

	(void)source;
	(void)usec;
	return sd_event_source_set_enabled(s->listener, SD_EVENT_ON);
}

/* After everything that the fence needs. */
static int set_up(struct state_server *s, sd_event *event, int fd)
{
	int err = sd_event_add_io(event, &s->listener, fd, EPOLLIN, on_connection, s);

	if (err < 0) {
		close(fd);
		return err;
	}
	sd_event_source_set_io_fd_own(s->listener, 1);
	sd_event_source_set_priority(s->listener, SD_EVENT_PRIORITY_IDLE);
	err = sd_event_add_time_relative(event, &s->pause, CLOCK_MONOTONIC, PAUSE_USEC, 0,
					 on_pause_over, s);
	return err < 0 ? err : sd_event_source_set_enabled(s->pause, SD_EVENT_OFF);
}

int state_serve(const char *name, const char *cgroup, sd_event *event, struct state_server **ret,
		struct err *e)
{
	struct state_server *s = calloc(1, sizeof(*s));
	int fd;

	if (!s)
		return err_errno(e, "no memory");
	s->name = name;
	s->cgroup = cgroup;
	fd = hub_listen(RUN_DIR, name, STATE_SOCKET, HUB_GROUP, e);
	if (fd < 0) {
		free(s);
		return -1;
	}
	if (set_up(s, event, fd) < 0) {
		state_unserve(s);
		return err_set(e, EXIT_FAILED, "cannot watch the socket of the state");
	}
	*ret = s;
	return 0;
}

void state_unserve(struct state_server *s)
{
	if (!s)
		return;
	sd_event_source_disable_unref(s->pause);
	sd_event_source_disable_unref(s->listener);
	hub_unlisten(RUN_DIR, s->name, STATE_SOCKET);
	free(s->text);
	free(s);
}
