// SPDX-License-Identifier: GPL-2.0-only
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "fence.h"
#include "follow.h"
#include "policy_print.h"
#include "reclaim.h"
#include "stream.h"
#include "tell.h"
#include "watch.h"

#define FIRST_RETRY_USEC (20ULL * 1000)
#define LAST_RETRY_USEC	 (1000ULL * 1000)

struct daemon {
	const struct options *options;
	struct fence fence;
	struct mnl_socket *nl;
	sd_event *event;
	sd_event_source *retry;
	uint64_t retry_usec;
	struct reclaim *reclaim;
	struct watch *watch;
	bool cgroup_gone;      /* and said to be */
	struct stream *stream; /* NULL: it could not be opened, and the fence stands without */
	struct notes notes;    /* the last ones told */
	struct err *e;
};

/* What the compiler has to tell, which may be more than a pipe takes at once: line by line. */
static void tell_notes(const struct daemon *d)
{
	char *text = NULL, *line, *rest;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return;
	notes_print(f, &d->notes, d->fence.config.file);
	if (fclose(f) == 0) {
		rest = text;
		while ((line = strsep(&rest, "\n")) && *line)
			tell(STDERR_FILENO, "%s\n", line);
	}
	free(text);
}

static void tell_policy(const struct daemon *d)
{
	const struct wgf_policy *p = image_in_force(d->fence.image.map);
	const char *state = p->n_tunnels ? "is up" : "is not there";

	tell(STDOUT_FILENO, "policy %llu: tunnel %s %s, %u addresses, %u networks, %u rules\n",
	     p->generation, p->names[0], state, p->n_sources, p->n_networks, p->n_rules);
	tell_notes(d);
	sd_notifyf(0, "STATUS=policy %llu in force, tunnel %s %s", p->generation, p->names[0],
		   state);
}

static void tell_stands(const struct daemon *d)
{
	const struct fence *f = &d->fence;
	const char *mode =
		f->config.mode == WGF_AUDIT ? " in audit mode: it counts and drops nothing" : "";

	tell(STDOUT_FILENO, "fence %s stands on %s%s\n", f->config.name, f->cgroup.path, mode);
	sd_notifyf(0, "STATUS=fence %s stands on %s%s", f->config.name, f->cgroup.path, mode);
}

/* --- following the machine --- */

static void retry_later(struct daemon *d)
{
	if (sd_event_source_set_time_relative(d->retry, d->retry_usec) < 0 ||
	    sd_event_source_set_enabled(d->retry, SD_EVENT_ONESHOT) < 0)
		tell(STDERR_FILENO, "wgfence: cannot even set a timer for it\n");
	if (d->retry_usec < LAST_RETRY_USEC)
		d->retry_usec *= 2;
}

/*
 * What stands stays in force while the machine cannot be read: an interface that took the tunnel's
 * number still needs the tunnel's address.
 */
static void refresh(struct daemon *d)
{
	struct err e = {0};
	bool changed = false;

	if (fence_refresh(&d->fence, &changed, &d->notes, &e)) {
		tell(STDERR_FILENO, "wgfence: %s; trying again in %llu ms\n", e.text,
		     (unsigned long long)d->retry_usec / 1000);
		retry_later(d);
		return;
	}
	d->retry_usec = FIRST_RETRY_USEC;
	if (changed) {
		tell_policy(d);
		reclaim_some(d->reclaim);
	}
}

static void follow_cgroup(struct daemon *d);

/* Either of both may have failed. */
static int on_retry(sd_event_source *source, uint64_t usec, void *context)
{
	(void)source;
	(void)usec;
	refresh(context);
	follow_cgroup(context);
	return 0;
}

static int on_change(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct daemon *d = context;

	(void)source;
	(void)fd;
	(void)events;
	if (follow_drain(d->nl, d->e))
		return sd_event_exit(d->event, (int)d->e->code);
	refresh(d);
	return 0;
}

/* --- following the cgroup --- */

/*
 * A slice that is stopped takes its cgroup with it, and the links end with that: one made anew is
 * open until they are on it. The gate before the unit's start waits for this.
 */
static void follow_cgroup(struct daemon *d)
{
	enum cgroup_fate fate;
	struct err e = {0};

	if (fence_follow_cgroup(&d->fence, &fate, &e)) {
		tell(STDERR_FILENO, "wgfence: %s; trying again in %llu ms\n", e.text,
		     (unsigned long long)d->retry_usec / 1000);
		retry_later(d);
		return;
	}
	if (fate == CGROUP_GONE && !d->cgroup_gone) {
		tell(STDOUT_FILENO, "the cgroup %s is gone; waiting for it\n",
		     d->fence.cgroup.path);
		sd_notifyf(0, "STATUS=the cgroup %s is gone; waiting for it", d->fence.cgroup.path);
	}
	d->cgroup_gone = fate == CGROUP_GONE;
	if (fate == CGROUP_NEW)
		tell_stands(d);
}

static void on_cgroup(void *context)
{
	follow_cgroup(context);
}

/* --- following the mounts --- */

/*
 * The lock keeps bpffs busy, so only a lazy unmount takes it away: then what is pinned lives as
 * long as this process, and others do not find it. poll(2) tells of mounts by POLLPRI (proc(5)).
 */
static int on_mount(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct daemon *d = context;
	struct err e = {0};
	bool restored;

	(void)source;
	(void)fd;
	(void)events;
	if (fence_keep_pins(&d->fence, &restored, &e)) {
		tell(STDERR_FILENO,
		     "wgfence: bpffs was unmounted; the fence stands as long as this process "
		     "lives: %s\n",
		     e.text);
		sd_notify(0, "STATUS=bpffs was unmounted; the fence stands as long as this process "
			     "lives");
	} else if (restored) {
		tell(STDOUT_FILENO, "bpffs is back, and what was pinned is pinned again\n");
		tell_stands(d);
	}
	return 0;
}

static int follow_mounts(struct daemon *d)
{
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC), err;
	sd_event_source *source;

	if (fd < 0)
		return err_errno(d->e, "/proc/self/mountinfo");
	err = sd_event_add_io(d->event, &source, fd, EPOLLPRI, on_mount, d);
	if (err < 0) {
		close(fd);
		errno = -err;
		return err_errno(d->e, "cannot follow the mounts");
	}
	sd_event_source_set_io_fd_own(source, 1);
	sd_event_source_set_floating(source, 1);
	sd_event_source_unref(source);
	return 0;
}

/* --- SIGHUP --- */

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
	return 0;
}

/* --- the loop --- */

/*
 * Signals are blocked before anything is put in place: one that comes early waits in its
 * descriptor until the fence stands.
 */
static int set_up_loop(struct daemon *d)
{
	sigset_t signals;
	int err;

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
		err = sd_event_add_io(d->event, NULL, mnl_socket_get_fd(d->nl), EPOLLIN, on_change,
				      d);
	if (err >= 0)
		err = sd_event_add_time(d->event, &d->retry, CLOCK_MONOTONIC, UINT64_MAX, 0,
					on_retry, d);
	if (err >= 0)
		err = sd_event_set_watchdog(d->event, 1);
	if (err >= 0)
		return 0;
	errno = -err;
	return err_errno(d->e, "cannot set up the event loop");
}

/* Without readers the fence stands all the same: said, and gone on. */
static void open_stream(struct daemon *d)
{
	struct err e = {0};

	if (stream_open(d->fence.config.name, d->fence.events, d->event, &d->stream, &e))
		tell(STDERR_FILENO, "wgfence: %s; events are not handed on\n", e.text);
}

static int watch_it(struct daemon *d)
{
	char mount[PATH_MAX];

	if (cgroup_mount(mount, sizeof(mount), d->e))
		return -1;
	return watch_open(d->event, mount, d->fence.cgroup.path, on_cgroup, d, &d->watch, d->e);
}

static int run(struct daemon *d, const struct config *c)
{
	int code;

	d->nl = follow_open(d->e);
	if (!d->nl || set_up_loop(d))
		return (int)d->e->code;
	if (fence_attach(c, &d->fence, &d->notes, d->e))
		return (int)d->e->code;
	if (reclaim_open(d->event, &d->fence.image, &d->reclaim, d->e) || watch_it(d) ||
	    follow_mounts(d)) {
		watch_close(d->watch);
		reclaim_close(d->reclaim);
		fence_close(&d->fence);
		return (int)d->e->code;
	}
	open_stream(d);
	malloc_trim(0);
	tell_notes(d);
	tell_stands(d);
	sd_notify(0, "READY=1");
	code = sd_event_loop(d->event);
	sd_notify(0, "STOPPING=1\nSTATUS=ended; the fence stands");
	stream_close(d->stream);
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
