/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watching a cgroup come and go.
 *
 * Owns: an inotify watch on each directory above it that is there; cgroupfs tells of mkdir(2) and
 * rmdir(2) as every file system does. Must never look at the cgroup itself: what happened is the
 * caller's to find out.
 */
#ifndef WGF_WATCH_H
#define WGF_WATCH_H

#include <systemd/sd-event.h>

#include "err.h"

struct watch;

/* `path` begins with the mount point `mount`; `changed` is called from the loop. */
int watch_open(sd_event *event, const char *mount, const char *path, void (*changed)(void *context),
	       void *context, struct watch **ret, struct err *e);
void watch_close(struct watch *w);

#endif
