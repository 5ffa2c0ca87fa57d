// SPDX-License-Identifier: GPL-2.0-only
/*
 * What others do to the machine, to the cgroup and to bpffs, and what the daemon does then.
 *
 * Owns: the subscriptions, and trying again what failed, all of it in one round. Each subscription
 * is followed by a look, so that nothing falls between.
 */
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon_parts.h"
#include "follow.h"
#include "tell.h"

static void retry_later(struct daemon *d)
{
	if (sd_event_source_set_time_relative(d->retry, d->retry_usec) < 0 ||
	    sd_event_source_set_enabled(d->retry, SD_EVENT_ONESHOT) < 0)
		tell(STDERR_FILENO, "wgfence: cannot even set a timer for it\n");
}

/* The same again and again is told once. */
static void failed(struct daemon *d, const struct err *e)
{
	if (strcmp(d->failure, e->text) != 0)
		tell(STDERR_FILENO, "wgfence: %s; trying again in %llu ms, and then on\n", e->text,
		     (unsigned long long)d->retry_usec / 1000);
	snprintf(d->failure, sizeof(d->failure), "%s", e->text);
	retry_later(d);
}

/*
 * What this kernel cannot do is told, and tried again when something changes, but not for ever and
 * ever.
 */
static bool look_at_guard(struct daemon *d)
{
	struct err e = {0};

	if (fence_guard(&d->fence, &e) == 0) {
		d->unguarded[0] = '\0';
		return true;
	}
	if (e.code != EXIT_UNSUPPORTED) {
		failed(d, &e);
		return false;
	}
	if (strcmp(d->unguarded, e.text) != 0)
		tell(STDERR_FILENO, "wgfence: %s\n", e.text);
	snprintf(d->unguarded, sizeof(d->unguarded), "%s", e.text);
	return true;
}

/*
 * What stands stays in force while the machine cannot be read: an interface that took the tunnel's
 * number still needs the tunnel's address.
 */
bool look_at_machine(struct daemon *d)
{
	struct err e = {0}, ignored;
	bool changed = false, read, carried, guarded;

	read = fence_refresh(&d->fence, &changed, &d->notes, &e) == 0;
	if (!read)
		failed(d, &e);
	if (changed) {
		tell_policy(d);
		reclaim_some(d->reclaim);
	}
	/* None waits for another. */
	guarded = look_at_guard(d);
	carried = fence_carry(&d->fence, &e) == 0;
	if (fence_keep_unix(&d->fence, carried ? &e : &ignored) == 0 && carried)
		return guarded && read;
	failed(d, &e);
	return false;
}

/*
 * A slice that is stopped takes its cgroup with it, and the links end with that: one made anew is
 * open until they are on it. The gate before the unit's start waits for this.
 */
static bool look_at_cgroup(struct daemon *d)
{
	enum cgroup_fate fate;
	struct err e = {0};

	if (fence_follow_cgroup(&d->fence, &fate, &e)) {
		failed(d, &e);
		return false;
	}
	if (fate == CGROUP_GONE && !d->cgroup_gone) {
		tell(STDOUT_FILENO, "the cgroup %s is gone; waiting for it\n",
		     d->fence.cgroup.path);
		sd_notifyf(0, "STATUS=the cgroup %s is gone; waiting for it", d->fence.cgroup.path);
	}
	d->cgroup_gone = fate == CGROUP_GONE;
	if (fate != CGROUP_NEW)
		return true;
	tell_stands(d);
	return look_at_machine(d); /* the policy names the cgroup */
}

/*
 * The lock keeps bpffs busy, so only a lazy unmount takes it away: then what is pinned lives as
 * long as this process, and others do not find it. Mounted again, the next news of mounts comes.
 */
static bool look_at_pins(struct daemon *d)
{
	struct err e = {0};
	bool restored;

	if (fence_keep_pins(&d->fence, &restored, &e)) {
		tell(STDERR_FILENO,
		     "wgfence: bpffs was unmounted; the fence stands as long as this process "
		     "lives: %s\n",
		     e.text);
		sd_notify(0, "STATUS=bpffs was unmounted; the fence stands as long as this process "
			     "lives");
		if (e.code != EXIT_UNSUPPORTED)
			retry_later(d);
		return e.code == EXIT_UNSUPPORTED;
	}
	if (restored) {
		tell(STDOUT_FILENO, "bpffs is back, and what was pinned is pinned again\n");
		tell_stands(d);
		return look_at_machine(d); /* what came meanwhile could not be pinned */
	}
	return true;
}

/* Only a round in which nothing fails ends the growing of the pauses. */
static int on_retry(sd_event_source *source, uint64_t usec, void *context)
{
	struct daemon *d = context;
	bool fine;

	(void)source;
	(void)usec;
	if (d->retry_usec < LAST_RETRY_USEC)
		d->retry_usec *= 2;
	fine = look_at_pins(d);
	fine &= look_at_cgroup(d);
	fine &= look_at_machine(d);
	if (fine) {
		d->retry_usec = FIRST_RETRY_USEC;
		d->failure[0] = '\0';
	}
	return 0;
}

static int on_news(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct daemon *d = context;

	(void)source;
	(void)fd;
	(void)events;
	if (follow_drain(d->nl, d->e))
		return sd_event_exit(d->event, (int)d->e->code);
	look_at_machine(d);
	return 0;
}

static void on_cgroup(void *context)
{
	look_at_cgroup(context);
}

/* What was pinned anew may hold a cgroup back that was made anew meanwhile. */
static int on_mount(sd_event_source *source, int fd, uint32_t events, void *context)
{
	(void)source;
	(void)fd;
	(void)events;
	look_at_pins(context);
	look_at_cgroup(context);
	return 0;
}

int follow_machine(struct daemon *d)
{
	int err;

	d->nl = follow_open(d->e);
	if (!d->nl)
		return -1;
	err = sd_event_add_io(d->event, NULL, mnl_socket_get_fd(d->nl), EPOLLIN, on_news, d);
	if (err >= 0)
		err = sd_event_add_time(d->event, &d->retry, CLOCK_MONOTONIC, UINT64_MAX, 0,
					on_retry, d);
	if (err >= 0)
		return 0;
	errno = -err;
	return err_errno(d->e, "cannot follow the interfaces");
}

/* poll(2) tells of mounts by POLLPRI (proc(5)). */
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

int follow_fence(struct daemon *d)
{
	char mount[PATH_MAX];

	if (cgroup_mount(mount, sizeof(mount), d->e) ||
	    watch_open(d->event, mount, d->fence.cgroup.path, on_cgroup, d, &d->watch, d->e) ||
	    follow_mounts(d))
		return -1;
	look_at_pins(d);
	look_at_cgroup(d);
	look_at_machine(d);
	return 0;
}
