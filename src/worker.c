// SPDX-License-Identifier: GPL-2.0-only
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define STACK_SIZE ((size_t)256 * 1024)

struct worker {
	sd_event_source *source;
	int fd; /* written by the thread at its end */
	bool works;
	pthread_t thread;
	void (*work)(void *context);
	void (*done)(void *context);
	void *context;
};

/* Into an empty counter: this cannot fail. */
static void *work_in_thread(void *context)
{
	struct worker *w = context;

	w->work(w->context);
	(void)eventfd_write(w->fd, 1);
	return NULL;
}

static void finish(struct worker *w)
{
	pthread_join(w->thread, NULL);
	w->works = false;
	w->done(w->context);
}

static int on_done(sd_event_source *source, int fd, uint32_t events, void *context)
{
	eventfd_t n;

	(void)source;
	(void)events;
	if (eventfd_read(fd, &n) == 0)
		finish(context);
	return 0;
}

/* Signals are the loop's, not the thread's. */
bool worker_start(struct worker *w)
{
	pthread_attr_t attr;
	sigset_t all, before;

	if (w->works || pthread_attr_init(&attr))
		return false;
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	w->works = pthread_create(&w->thread, &attr, work_in_thread, w) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return w->works;
}

bool worker_works(const struct worker *w)
{
	return w->works;
}

bool worker_wait(struct worker *w, unsigned msec)
{
	struct pollfd end = {.fd = w->fd, .events = POLLIN};

	if (w->works && TEMP_FAILURE_RETRY(poll(&end, 1, (int)msec)) == 1)
		on_done(NULL, w->fd, POLLIN, w);
	return !w->works;
}

int worker_open(sd_event *event, void (*work)(void *context), void (*done)(void *context),
		void *context, struct worker **ret, struct err *e)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w)
		return err_errno(e, "no memory");
	*w = (struct worker){.work = work, .done = done, .context = context};
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->fd < 0 || sd_event_add_io(event, &w->source, w->fd, EPOLLIN, on_done, w) < 0) {
		err_errno(e, "cannot prepare a worker");
		worker_close(w);
		return -1;
	}
	*ret = w;
	return 0;
}

void worker_close(struct worker *w)
{
	if (!w)
		return;
	if (w->works)
		finish(w);
	sd_event_source_unref(w->source);
	if (w->fd >= 0)
		close(w->fd);
	free(w);
}
