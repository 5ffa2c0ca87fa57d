// SPDX-License-Identifier: GPL-2.0-only
/*
 * The daemon's textfile: when it is written, and what is said where it cannot be.
 *
 * Owns: the timer and the worker. Asking the kernel, writing and above all fsync(2) take as long as
 * they take, so the worker does all of it; the daemon's end waits for it, but not for ever. Nothing
 * that fails here is the fence's concern.
 */
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "daemon_parts.h"
#include "entry.h"
#include "message_ids.h"
#include "metrics_read.h"
#include "rundir.h"
#include "textfile.h"
#include "textfile_former.h"
#include "worker.h"

#define SECOND_USEC (1000ULL * 1000)
#define STOP_MSEC   5000 /* for what is being written, and for the last file, each */

struct writer {
	struct daemon *d;
	sd_event_source *timer;
	struct worker *worker;
	bool again;				    /* asked for while one is being written */
	char said[sizeof(((struct err *)0)->text)]; /* the failure that was told; "": none */
	/* The worker's while it works. */
	struct config_metrics to;
	char fence[FENCE_NAME_MAX + 1], tunnel[WGF_IFNAME];
	enum metrics_daemon daemon;
	bool failed, stays;
	struct err e, why_stays;
};

static void write_text(struct writer *w, const struct metrics *m)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f) {
		err_errno(&w->e, "no memory for the metrics");
		return;
	}
	metrics_print(f, m, 1);
	if (fclose(f))
		err_errno(&w->e, "no memory for the metrics");
	else
		w->failed = textfile_write(w->to.directory, w->fence, text, size, &w->e);
	free(text);
}

/*
 * After a reload, or a change while no daemon ran, the file has another place. What cannot be
 * removed is told once, and not tried again.
 */
static void leave_former(struct writer *w)
{
	char former[PATH_MAX];
	struct err ignored;

	textfile_former(RUN_DIR, w->fence, former);
	if (strcmp(former, w->to.directory) == 0)
		return;
	w->stays = former[0] && textfile_remove(former, w->fence, &w->why_stays);
	if (textfile_moved(RUN_DIR, w->fence, w->to.directory, &ignored))
		w->stays = false;
}

static void work(void *context)
{
	struct writer *w = context;
	struct metrics_reading *r;

	w->stays = w->failed = false;
	leave_former(w);
	if (!w->to.directory[0])
		return;
	r = malloc(sizeof(*r));
	w->failed = true;
	if (!r) {
		err_errno(&w->e, "no memory for the metrics");
		return;
	}
	if (metrics_read(w->fence, w->tunnel, r, &w->e) == 0) {
		r->metrics.state.daemon = w->daemon;
		write_text(w, &r->metrics);
	}
	free(r);
}

/* The same again and again is told once. */
static void tell_outcome(struct writer *w)
{
	struct entry entry;

	if (w->failed && strcmp(w->said, w->e.text) != 0) {
		entry_begin(&entry, STDERR_FILENO, ID_METRICS_FAILED, LOG_ERR,
			    "wgfence: %s; the fence stands all the same", w->e.text);
		tell_entry(w->d, &entry);
	} else if (!w->failed && w->said[0] && w->to.directory[0]) {
		entry_begin(&entry, STDOUT_FILENO, ID_METRICS_BACK, LOG_NOTICE,
			    "the metrics are written to %s again", w->to.directory);
		tell_entry(w->d, &entry);
	}
	memcpy(w->said, w->failed ? w->e.text : "", w->failed ? sizeof(w->said) : 1);
	if (w->stays)
		tell_failure(w->d, &w->why_stays);
}

/* Once more when it is done, where it is written just now: what is asked for is later than that. */
void metrics_write(struct daemon *d)
{
	struct writer *w = d->writer;
	const struct config *c = &d->fence.config;
	char former[PATH_MAX] = "";

	if (!w)
		return;
	if (!c->metrics.directory[0])
		textfile_former(RUN_DIR, w->fence, former);
	if (!c->metrics.directory[0] && !former[0])
		return;
	if (worker_works(w->worker)) {
		w->again = true;
		return;
	}
	w->again = false;
	w->to = c->metrics;
	memcpy(w->tunnel, c->tunnel, sizeof(w->tunnel));
	worker_start(w->worker); /* without a thread: at the next interval */
}

static void done(void *context)
{
	struct writer *w = context;

	tell_outcome(w);
	if (w->again)
		metrics_write(w->d);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *context)
{
	struct daemon *d = context;

	(void)usec;
	metrics_write(d);
	return sd_event_source_set_time_relative(source,
						 d->fence.config.metrics.interval * SECOND_USEC);
}

void metrics_follow_config(struct daemon *d)
{
	const struct config_metrics *m = &d->fence.config.metrics;
	struct writer *w = d->writer;

	if (!w)
		return;
	if (m->directory[0])
		sd_event_source_set_time_relative(w->timer, m->interval * SECOND_USEC);
	sd_event_source_set_enabled(w->timer, m->directory[0] ? SD_EVENT_ON : SD_EVENT_OFF);
	metrics_write(d);
}

static int set_up(struct daemon *d, struct writer *w, struct err *e)
{
	int err = sd_event_add_time_relative(d->event, &w->timer, CLOCK_MONOTONIC, SECOND_USEC, 0,
					     on_timer, d);

	if (err < 0 || sd_event_source_set_enabled(w->timer, SD_EVENT_OFF) < 0)
		return err_set(e, EXIT_FAILED, "cannot set a timer for the metrics");
	return worker_open(d->event, work, done, w, &w->worker, e);
}

void metrics_open(struct daemon *d)
{
	struct writer *w = calloc(1, sizeof(*w));
	struct err e = {0};

	if (!w)
		return;
	w->d = d;
	w->daemon = DAEMON_RUNS;
	memcpy(w->fence, d->fence.config.name, sizeof(w->fence));
	if (set_up(d, w, &e)) {
		tell_failure(d, &e);
		sd_event_source_unref(w->timer);
		free(w);
		return;
	}
	d->writer = w;
	metrics_follow_config(d);
}

/* The last file says that the daemon was ended, and has the counts of that moment. */
static bool write_last(struct daemon *d, struct writer *w)
{
	if (!worker_wait(w->worker, STOP_MSEC))
		return false;
	if (!d->fence.config.metrics.directory[0])
		return true;
	w->to = d->fence.config.metrics;
	w->daemon = DAEMON_ENDED;
	return worker_start(w->worker) && worker_wait(w->worker, STOP_MSEC);
}

/* A disk may hang for ever: then what the thread works with is left to it, and the process ends. */
void metrics_close(struct daemon *d)
{
	struct writer *w = d->writer;
	struct err e;

	if (!w)
		return;
	d->writer = NULL; /* nothing is begun any more */
	sd_event_source_disable_unref(w->timer);
	if (!write_last(d, w)) {
		err_set(&e, EXIT_FAILED,
			"the last metrics could not be written to %s in time: what is there grows "
			"old",
			d->fence.config.metrics.directory);
		tell_failure(d, &e);
		return;
	}
	worker_close(w->worker);
	free(w);
}
