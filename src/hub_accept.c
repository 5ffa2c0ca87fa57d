// SPDX-License-Identifier: GPL-2.0-only
#include "hub_accept.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAUSE_USEC (1000ULL * 1000)

static int on_pause_over(sd_event_source *source, uint64_t usec, void *context)
{
	struct hub_accept *a = context;

	(void)source;
	(void)usec;
	return sd_event_source_set_enabled(a->listener, SD_EVENT_ON);
}

/* Who waits goes on waiting while there is no descriptor for it: without a pause, we would spin. */
static void pause_accepting(struct hub_accept *a)
{
	if (sd_event_source_set_time_relative(a->pause, PAUSE_USEC) >= 0 &&
	    sd_event_source_set_enabled(a->pause, SD_EVENT_ONESHOT) >= 0)
		sd_event_source_set_enabled(a->listener, SD_EVENT_OFF);
}

static int on_connection(sd_event_source *source, int listener, uint32_t events, void *context)
{
	struct hub_accept *a = context;
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)events;
	if (fd >= 0)
		a->take(fd, a->context);
	else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		pause_accepting(a);
	return 0;
}

/* The timer is made now: later there may be no descriptor left for it. */
int hub_accept_open(struct hub_accept *a, sd_event *event, int fd, int64_t priority)
{
	int err = sd_event_add_io(event, &a->listener, fd, EPOLLIN, on_connection, a);

	if (err < 0) {
		close(fd);
		return err;
	}
	sd_event_source_set_io_fd_own(a->listener, 1);
	sd_event_source_set_priority(a->listener, priority);
	err = sd_event_source_set_ratelimit(a->listener, HUB_INTERVAL_USEC, HUB_BURST);
	if (err >= 0)
		err = sd_event_add_time_relative(event, &a->pause, CLOCK_MONOTONIC, PAUSE_USEC, 0,
						 on_pause_over, a);
	return err < 0 ? err : sd_event_source_set_enabled(a->pause, SD_EVENT_OFF);
}

void hub_accept_close(struct hub_accept *a)
{
	a->pause = sd_event_source_disable_unref(a->pause);
	a->listener = sd_event_source_disable_unref(a->listener);
}
