// SPDX-License-Identifier: GPL-2.0-only
#include "daemon.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <malloc.h>
#include <signal.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon_parts.h"
#include "entry.h"
#include "tell.h"

/* A file with an error changes nothing that stands, nor does one that cannot be applied. */
static int on_hangup(sd_event_source *source, const struct signalfd_siginfo *si, void *context)
{
	static struct config c; /* too large for comfort on the stack */
	struct daemon *d = context;
	struct notes notes;
	struct err e = {0};

	(void)source;
	(void)si;
	sd_notify(0, "RELOADING=1");
	if (options_config(d->options, &c, &e) || fence_reload(&d->fence, &c, &notes, &e)) {
		tell(STDERR_FILENO, "wgfence: not reloaded, what stood stands: %s\n", e.text);
		sd_notifyf(0, "READY=1\nSTATUS=not reloaded, what stood stands: %s", e.text);
		return 0;
	}
	d->notes = notes;
	sd_notify(0, "READY=1");
	tell_policy(d);
	reclaim_some(d->reclaim);
	look_at_machine(d);
	metrics_follow_config(d);
	return 0;
}

/*
 * Signals are blocked before anything is put in place: one that comes early waits in its
 * descriptor until the fence stands.
 */
static int set_up_loop(struct daemon *d)
{
	sigset_t signals;
	int err;

	tell_open();
	entry_open();
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	err = sd_event_new(&d->event);
	if (err >= 0)
		err = sd_event_add_signal(d->event, NULL, SIGTERM, NULL, NULL);
	if (err >= 0)
		err = sd_event_add_signal(d->event, NULL, SIGINT, NULL, NULL);
	if (err >= 0)
		err = sd_event_add_signal(d->event, NULL, SIGHUP, on_hangup, d);
	if (err >= 0)
		err = sd_event_set_watchdog(d->event, 1);
	if (err >= 0)
		return 0;
	errno = -err;
	return err_errno(d->e, "cannot set up the event loop");
}

/* A kind of drop that there was not yet: its counter moves for the first time. */
static void on_first(const struct told *t, void *context)
{
	struct daemon *d = context;

	tell_first(d, t);
	metrics_write(d);
}

/* Without readers the fence stands all the same: said, and gone on. */
static void open_sockets(struct daemon *d)
{
	struct err e = {0};

	if (stream_open(d->fence.config.name, d->fence.events, d->event, on_first, d, &d->stream,
			&e))
		tell(STDERR_FILENO, "wgfence: %s; events are not handed on\n", e.text);
	if (state_serve(d->fence.config.name, d->fence.cgroup.path, d->event, &d->state, &e))
		tell(STDERR_FILENO, "wgfence: %s; `wgfence top` is not answered\n", e.text);
}

static int run(struct daemon *d, const struct config *c)
{
	int code;

	if (set_up_loop(d) || follow_machine(d))
		return (int)d->e->code;
	if (fence_attach(c, &d->fence, &d->notes, d->e))
		return (int)d->e->code;
	if (reclaim_open(d->event, &d->fence.image, &d->reclaim, d->e) || follow_fence(d)) {
		watch_close(d->watch);
		reclaim_close(d->reclaim);
		fence_close(&d->fence);
		return (int)d->e->code;
	}
	open_sockets(d);
	tell_notes(d);
	tell_stands(d);
	metrics_open(d);
	malloc_trim(0);
	sd_notify(0, "READY=1");
	code = sd_event_loop(d->event);
	sd_notify(0, "STOPPING=1\nSTATUS=ended; the fence stands");
	state_unserve(d->state);
	stream_close(d->stream);
	metrics_close(d);
	watch_close(d->watch);
	reclaim_close(d->reclaim);
	fence_close(&d->fence);
	if (code >= 0)
		return code;
	errno = -code;
	err_errno(d->e, "the event loop broke");
	return (int)d->e->code;
}

int daemon_run(const struct options *o, const struct config *c, struct err *e)
{
	struct daemon d = {.options = o, .retry_usec = FIRST_RETRY_USEC, .e = e};
	int code = run(&d, c);

	if (d.nl)
		mnl_socket_close(d.nl);
	sd_event_source_unref(d.retry);
	sd_event_unref(d.event);
	return code;
}
