// SPDX-License-Identifier: GPL-2.0-only
#include "watch.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#define MAX_DEPTH 32 /* systemd nests no deeper than the names of its units */

struct watch {
	sd_event *event;
	char path[PATH_MAX];
	size_t mount_len;
	sd_event_source *source[MAX_DEPTH]; /* of the n-th directory; NULL: it is not there */
	void (*changed)(void *context);
	void *context;
};

static int on_event(sd_event_source *source, const struct inotify_event *event, void *context);

/* The directories from the mount point on, the path itself left out. */
static int renew(struct watch *w)
{
	size_t at = w->mount_len;
	char dir[PATH_MAX];

	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		const char *next = strchr(w->path + at + 1, '/');
		int err;

		snprintf(dir, sizeof(dir), "%.*s", (int)at, w->path);
		if (!w->source[depth]) {
			err = sd_event_add_inotify(w->event, &w->source[depth], dir,
						   IN_CREATE | IN_DELETE | IN_MOVE |
							   IN_DELETE_SELF | IN_ONLYDIR,
						   on_event, w);
			if (err < 0 && err != -ENOENT)
				return err;
		}
		if (!next)
			return 0;
		at = (size_t)(next - w->path);
	}
	return -ENAMETOOLONG;
}

/*
 * What lies below the directory that the event is of may be another one by now: cgroupfs does not
 * tell the watch of a directory that it is gone, only that of the one above.
 */
// cppcheck-suppress constParameter ; sd_event_inotify_handler_t
static int on_event(sd_event_source *source, const struct inotify_event *event, void *context)
{
	struct watch *w = context;
	bool below = false;

	(void)event;
	for (int i = 0; i < MAX_DEPTH; i++) {
		if (below)
			w->source[i] = sd_event_source_disable_unref(w->source[i]);
		below |= w->source[i] == source;
	}
	/* One that cannot be watched is tried again at the next event. */
	(void)renew(w);
	w->changed(w->context);
	return 0;
}

int watch_open(sd_event *event, const char *mount, const char *path, void (*changed)(void *context),
	       void *context, struct watch **ret, struct err *e)
{
	struct watch *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return err_errno(e, "no memory");
	*w = (struct watch){.event = event, .changed = changed, .context = context};
	snprintf(w->path, sizeof(w->path), "%s%s", mount, path);
	w->mount_len = strlen(mount);
	err = renew(w);
	if (err < 0) {
		watch_close(w);
		errno = -err;
		return err_errno(e, "cannot watch the cgroup %s", path);
	}
	*ret = w;
	return 0;
}

void watch_close(struct watch *w)
{
	if (!w)
		return;
	for (int i = 0; i < MAX_DEPTH; i++)
		sd_event_source_disable_unref(w->source[i]);
	free(w);
}
