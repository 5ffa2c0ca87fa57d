// SPDX-License-Identifier: GPL-2.0-only
#include "reclaim.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A wait takes some 20 ms, in which slots are used up: begun early. */
#define FEW	   (WGF_SLOTS * 3 / 4)
#define STACK_SIZE ((size_t)256 * 1024)

struct reclaim {
	struct image *img;
	sd_event_source *source;
	int fd; /* written by the thread when it is done */
	bool waiting;
	int failed; /* the thread's, until it is joined */
	pthread_t thread;
};

static void *wait_in_thread(void *context)
{
	struct reclaim *r = context;
	struct err e;

	r->failed = r->img->wait_for_readers(&e);
	if (eventfd_write(r->fd, 1))
		r->failed = -1;
	return NULL;
}

/* Where it failed nothing is free: a publication that finds no slot waits itself, and says why. */
static void finish(struct reclaim *r)
{
	pthread_join(r->thread, NULL);
	r->waiting = false;
	image_end_wait(r->img, r->failed == 0);
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
static int start_thread(struct reclaim *r)
{
	pthread_attr_t attr;
	sigset_t all, before;
	int err;

	if (pthread_attr_init(&attr))
		return -1;
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&r->thread, &attr, wait_in_thread, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return err ? -1 : 0;
}

void reclaim_some(struct reclaim *r)
{
	if (r->waiting || __builtin_popcount(r->img->free) >= FEW || !image_begin_wait(r->img))
		return;
	r->waiting = start_thread(r) == 0;
	if (!r->waiting)
		image_end_wait(r->img, false);
}

int reclaim_open(sd_event *event, struct image *img, struct reclaim **ret, struct err *e)
{
	struct reclaim *r = calloc(1, sizeof(*r));

	if (!r)
		return err_errno(e, "no memory");
	r->img = img;
	r->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->fd < 0 || sd_event_add_io(event, &r->source, r->fd, EPOLLIN, on_done, r) < 0) {
		err_errno(e, "cannot prepare the wait for readers");
		reclaim_close(r);
		return -1;
	}
	*ret = r;
	return 0;
}

void reclaim_close(struct reclaim *r)
{
	if (!r)
		return;
	if (r->waiting)
		finish(r);
	sd_event_source_unref(r->source);
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}
