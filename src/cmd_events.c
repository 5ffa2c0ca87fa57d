// SPDX-License-Identifier: GPL-2.0-only
/*
 * events: what the fence drops and refuses, as it happens.
 *
 * Owns: the reader's end of the stream of wgfence-events(7), and what of it is shown. Must never
 * show as text what event_print.c did not write; JSON goes through as it came.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cmd.h"
#include "event_filter.h"
#include "event_journal.h"
#include "event_parse.h"
#include "hub_listen.h"
#include "since.h"
#include "words.h"

struct stream {
	int fd;
	bool json, colour;
	const char *name;
	struct event_filter filter;
	size_t have;
	char data[16384]; /* the begin of a line, and whatever came with it */
	struct err *e;
};

/* No `run`, no events: the socket is not there, or nobody is at its other end. */
static int not_running(const struct stream *s)
{
	return err_set(s->e, EXIT_NOT_ENFORCED,
		       "events come from `wgfence run`, which is not running for the fence %s",
		       s->name);
}

static int open_stream(struct stream *s)
{
	struct sockaddr_un address;

	if (hub_address(RUN_DIR, s->name, HUB_SOCKET, &address, s->e))
		return -1;
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return err_errno(s->e, "cannot make a socket");
	if (connect(s->fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	if (errno == ENOENT || errno == ECONNREFUSED)
		return not_running(s);
	if (errno == EACCES)
		return err_set(s->e, EXIT_FAILED,
			       "%s: only root and the group " HUB_GROUP " may read events",
			       address.sun_path);
	return err_errno(s->e, "%s", address.sun_path);
}

static void show_text(const struct stream *s, const struct event_line *l, enum line_type type)
{
	switch (type) {
	case LINE_EVENT:
		event_text(stdout, &l->told, s->colour);
		break;
	case LINE_HELLO:
		printf("-- fence %s, wgfence ", l->told.fence);
		event_text_name(stdout, l->message, sizeof(l->message));
		printf("\n");
		break;
	case LINE_LOST:
		printf("-- %llu lost here: this reader was too slow\n", l->lost);
		break;
	default:
		printf("-- a line that this wgfence does not understand\n");
	}
}

/* -1 where it is the last one that will come. */
static int show_line(struct stream *s, const char *line, size_t len)
{
	struct event_line l;
	enum line_type type = event_parse(line, len, &l);

	if (type == LINE_REFUSED)
		return err_set(s->e, EXIT_FAILED, "the fence %s lets nobody else read: %s", s->name,
			       l.message);
	if (type == LINE_EVENT && !event_filter_passes(&s->filter, &l.told))
		return 0;
	if (s->json) {
		fwrite(line, 1, len, stdout);
		fputc('\n', stdout);
	} else {
		show_text(s, &l, type);
	}
	return 0;
}

/* Every whole line; the begin of the next one goes to the front. */
static int show_lines(struct stream *s)
{
	char *line = s->data, *end;

	while ((end = memchr(line, '\n', s->have))) {
		size_t len = (size_t)(end - line);

		if (show_line(s, line, len))
			return -1;
		line = end + 1;
		s->have -= len + 1;
	}
	memmove(s->data, line, s->have);
	return s->have < sizeof(s->data)
		       ? 0
		       : err_set(s->e, EXIT_FAILED, "found a line without end in the events of %s",
				 s->name);
}

/* What is left of a line at the end is none. */
static int receive(struct stream *s)
{
	ssize_t n = TEMP_FAILURE_RETRY(read(s->fd, s->data + s->have, sizeof(s->data) - s->have));

	if (n == 0 || (n < 0 && errno == ECONNRESET))
		return not_running(s);
	if (n < 0)
		return err_errno(s->e, "cannot read the events of %s", s->name);
	s->have += (size_t)n;
	return show_lines(s);
}

/* Whoever read our output is gone: an end like any other. */
static int output_failed(struct stream *s)
{
	if (errno == EPIPE)
		return EXIT_FINE;
	err_errno(s->e, "cannot write the events");
	return EXIT_FAILED;
}

static int follow_stream(struct stream *s)
{
	struct pollfd fds[] = {{.fd = s->fd, .events = POLLIN}, {.fd = STDOUT_FILENO}};

	for (;;) {
		int wrong;

		if (TEMP_FAILURE_RETRY(poll(fds, 2, -1)) < 0) {
			err_errno(s->e, "cannot wait for events");
			return EXIT_FAILED;
		}
		if (fds[1].revents)
			return EXIT_FINE;
		wrong = receive(s);
		if (fflush(stdout))
			return output_failed(s);
		if (wrong)
			return (int)s->e->code;
	}
}

static void show_kept(const struct told *t, void *context)
{
	const struct stream *s = context;

	if (!event_filter_passes(&s->filter, t))
		return;
	if (s->json)
		event_json(stdout, t);
	else
		event_text(stdout, t, s->colour);
}

/* What the journal keeps, and the end. */
static int show_since(struct stream *s, const char *text)
{
	u64 since;

	if (!since_parse(text, (u64)time(NULL), &since))
		return err_set(s->e, EXIT_MISUSE,
			       "--since: found `%s`; \"10 min ago\", today, 10:00 or \"2026-11-26 "
			       "10:00\" would be right",
			       text);
	return event_journal_each(s->name, since, show_kept, s, s->e);
}

static int list_reasons(void)
{
	for (unsigned r = 0; r < WGF_N_REASONS; r++)
		if (!reasons[r].allows)
			printf("%-20s %s\n", reasons[r].label, reasons[r].text);
	return EXIT_FINE;
}

int cmd_events(const struct options *o, struct err *e)
{
	static struct stream s; /* too large for comfort on the stack */
	const char *reason = o->value[OPT_REASON];
	int code;

	if (reason && strcmp(reason, "help") == 0)
		return list_reasons();
	s = (struct stream){.fd = -1, .name = o->name, .json = o->given & OPT(OPT_JSON), .e = e};
	s.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	if (event_filter_read(reason, o->value[OPT_PROCESS], o->value[OPT_REMOTE], &s.filter, e))
		return (int)e->code;
	if (o->given & OPT(OPT_SINCE))
		return show_since(&s, o->value[OPT_SINCE]) ? (int)e->code : EXIT_FINE;
	signal(SIGPIPE, SIG_IGN);
	code = open_stream(&s) ? (int)e->code : follow_stream(&s);
	if (s.fd >= 0)
		close(s.fd);
	return code;
}
