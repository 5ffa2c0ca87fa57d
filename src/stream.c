// SPDX-License-Identifier: GPL-2.0-only
#include "stream.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>

#include "event_print.h"
#include "hub.h"
#include "reasons.h"

struct stream {
	const char *fence;
	struct ring_buffer *ring;
	sd_event_source *source;
	struct hub *hub;
	void (*first)(const struct told *t, void *context);
	void *context;
	bool seen[WGF_N_HOOKS][WGF_N_REASONS];
};

/* What is none of this layout's is told to nobody. */
static bool is_known(const struct stream *s, const struct wgf_event *event)
{
	return event->hook >= WGF_N_HOOKS || event->reason >= WGF_N_REASONS ||
	       s->seen[event->hook][event->reason];
}

/* What is taken out while nobody reads is not lost to anybody: the table of flows has it. */
static int on_event(void *context, void *data, size_t size)
{
	struct stream *s = context;
	char line[EVENT_LINE], name[IF_NAMESIZE];
	const struct wgf_event *event = data;
	struct told t;

	if (size < sizeof(*event) || (!hub_readers(s->hub) && is_known(s, event)))
		return 0;
	if (!event_tell(event, s->fence,
			event->ifindex ? if_indextoname(event->ifindex, name) : NULL,
			event_realtime_now(event->time), &t))
		return 0;
	if (hub_readers(s->hub))
		hub_publish(s->hub, line, event_json_line(&t, line));
	if (!is_known(s, event)) {
		s->seen[event->hook][event->reason] = true;
		s->first(&t, s->context);
	}
	return 0;
}

static int on_ring(sd_event_source *source, int fd, uint32_t events, void *context)
{
	const struct stream *s = context;

	(void)source;
	(void)fd;
	(void)events;
	ring_buffer__consume(s->ring);
	return 0;
}

int stream_open(const char *fence, int events, sd_event *event,
		void (*first)(const struct told *t, void *context), void *context,
		struct stream **ret, struct err *e)
{
	struct stream *s = calloc(1, sizeof(*s));
	int err = 0;

	if (!s)
		return err_errno(e, "no memory");
	s->fence = fence;
	s->first = first;
	s->context = context;
	if (hub_open(fence, event, &s->hub, e)) {
		stream_close(s);
		return -1;
	}
	s->ring = ring_buffer__new(events, on_event, s, NULL);
	if (!s->ring)
		err = -errno;
	else
		err = sd_event_add_io(event, &s->source, ring_buffer__epoll_fd(s->ring), EPOLLIN,
				      on_ring, s);
	if (err < 0) {
		errno = -err;
		err_errno(e, "cannot read the ring of events");
		stream_close(s);
		return -1;
	}
	*ret = s;
	return 0;
}

void stream_close(struct stream *s)
{
	if (!s)
		return;
	sd_event_source_unref(s->source);
	if (s->ring && s->hub)
		ring_buffer__consume(s->ring);
	ring_buffer__free(s->ring);
	hub_close(s->hub);
	free(s);
}
