// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hub: events to whoever connects.
 *
 * Owns: the sockets of readers on the event loop. What wakes the loop is a new reader, one that
 * hung up, or room for what is pending; so EPOLLIN is never asked for, and EPOLLOUT only while
 * something is pending. SHUT_RD makes the kernel refuse what a reader sends (EPIPE).
 */
#include "hub.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "config.h"
#include "hub_accept.h"
#include "hub_listen.h"
#include "outbox.h"

#ifndef WGF_VERSION
#define WGF_VERSION "0"
#endif

struct reader {
	struct hub *hub;
	sd_event_source *source; /* owns the socket; NULL: nobody */
	int fd;
	bool waits; /* for room: EPOLLOUT is asked for */
	struct outbox out;
};

struct hub {
	sd_event *event;
	struct hub_accept accept;
	struct reader *readers[HUB_MAX_READERS];
	char dir[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	char name[FENCE_NAME_MAX + 1];
};

static void reader_drop(struct reader *r)
{
	for (unsigned i = 0; i < HUB_MAX_READERS; i++)
		if (r->hub->readers[i] == r)
			r->hub->readers[i] = NULL;
	sd_event_source_disable_unref(r->source); /* closes the socket */
	free(r);
}

static void reader_wait(struct reader *r, bool waits)
{
	if (r->waits != waits &&
	    sd_event_source_set_io_events(r->source, waits ? EPOLLOUT : 0) >= 0)
		r->waits = waits;
}

/*
 * Everything that goes without waiting. A reader that is gone is dropped, and so is one for which
 * the kernel has no memory: there is no telling when to try again.
 */
static void reader_flush(struct reader *r)
{
	size_t len;
	const char *data;

	while ((data = outbox_pending(&r->out, &len)), len) {
		ssize_t n = send(r->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			reader_drop(r);
			return;
		}
		if (n < 0)
			break;
		outbox_sent(&r->out, (size_t)n);
	}
	reader_wait(r, len > 0);
}

/* EPOLLHUP and EPOLLERR come unasked. */
static int on_reader(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct reader *r = context;

	(void)source;
	(void)fd;
	if (events & (EPOLLHUP | EPOLLERR))
		reader_drop(r);
	else
		reader_flush(r);
	return 0;
}

/* Takes the descriptor, whatever becomes of it. */
static struct reader *reader_new(struct hub *h, int fd)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (!r || shutdown(fd, SHUT_RD) ||
	    sd_event_add_io(h->event, &r->source, fd, 0, on_reader, r) < 0) {
		close(fd);
		free(r);
		return NULL;
	}
	sd_event_source_set_io_fd_own(r->source, 1);
	r->hub = h;
	r->fd = fd;
	return r;
}

static void greet(struct hub *h, struct reader *r)
{
	char line[256];
	int len =
		snprintf(line, sizeof(line),
			 "{\"schema\":1,\"type\":\"hello\",\"fence\":\"%s\",\"version\":\"%s\"}\n",
			 h->name, WGF_VERSION);

	outbox_put(&r->out, line, (size_t)len);
	reader_flush(r);
}

/* There is room in a new socket for a line. */
static void turn_away(const struct hub *h, int fd)
{
	char line[256];
	int len = snprintf(line, sizeof(line),
			   "{\"schema\":1,\"type\":\"refused\",\"fence\":\"%s\","
			   "\"message\":\"%d readers are there already\"}\n",
			   h->name, HUB_MAX_READERS);

	send(fd, line, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

static void admit(int fd, void *context)
{
	struct hub *h = context;

	for (unsigned i = 0; i < HUB_MAX_READERS; i++) {
		if (h->readers[i])
			continue;
		h->readers[i] = reader_new(h, fd);
		if (h->readers[i])
			greet(h, h->readers[i]);
		return;
	}
	turn_away(h, fd);
}

int hub_open_at(const char *dir, const char *group, const char *name, sd_event *event,
		struct hub **ret, struct err *e)
{
	int fd = hub_listen(dir, name, HUB_SOCKET, group, e);
	struct hub *h;

	if (fd < 0)
		return -1;
	h = calloc(1, sizeof(*h));
	if (!h) {
		close(fd);
		hub_unlisten(dir, name, HUB_SOCKET);
		return err_set(e, EXIT_FAILED, "no memory for the socket of events");
	}
	h->event = sd_event_ref(event);
	h->accept = (struct hub_accept){.take = admit, .context = h};
	snprintf(h->dir, sizeof(h->dir), "%s", dir);
	snprintf(h->name, sizeof(h->name), "%s", name);
	/* Those that hung up are dropped before new ones are counted. */
	if (hub_accept_open(&h->accept, event, fd, SD_EVENT_PRIORITY_NORMAL + 1) < 0) {
		hub_close(h);
		return err_set(e, EXIT_FAILED, "cannot watch the socket of events");
	}
	*ret = h;
	return 0;
}

int hub_open(const char *name, sd_event *event, struct hub **ret, struct err *e)
{
	return hub_open_at(RUN_DIR, HUB_GROUP, name, event, ret, e);
}

void hub_publish(struct hub *h, const char *line, size_t len)
{
	for (unsigned i = 0; i < HUB_MAX_READERS; i++) {
		struct reader *r = h->readers[i];

		if (!r)
			continue;
		outbox_put(&r->out, line, len);
		if (!r->waits)
			reader_flush(r);
	}
}

unsigned hub_readers(const struct hub *h)
{
	unsigned n = 0;

	for (unsigned i = 0; i < HUB_MAX_READERS; i++)
		n += h->readers[i] != NULL;
	return n;
}

void hub_close(struct hub *h)
{
	if (!h)
		return;
	for (unsigned i = 0; i < HUB_MAX_READERS; i++)
		if (h->readers[i])
			reader_drop(h->readers[i]);
	hub_accept_close(&h->accept);
	sd_event_unref(h->event);
	hub_unlisten(h->dir, h->name, HUB_SOCKET);
	free(h);
}
