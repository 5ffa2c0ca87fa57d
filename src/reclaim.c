// SPDX-License-Identifier: GPL-2.0-only
#include "reclaim.h"

#include <stdlib.h>

#include "worker.h"

/* A wait takes some 20 ms, in which slots are used up: begun early. */
#define FEW (WGF_SLOTS * 3 / 4)

struct reclaim {
	struct image *img;
	struct worker *worker;
	int failed; /* the thread's, while it waits */
};

static void wait_in_thread(void *context)
{
	struct reclaim *r = context;
	struct err e;

	r->failed = r->img->wait_for_readers(&e);
}

/* Where it failed nothing is free: a publication that finds no slot waits itself, and says why. */
static void finish(void *context)
{
	struct reclaim *r = context;

	image_end_wait(r->img, r->failed == 0);
}

void reclaim_some(struct reclaim *r)
{
	if (worker_works(r->worker) || __builtin_popcount(r->img->free) >= FEW ||
	    !image_begin_wait(r->img))
		return;
	if (!worker_start(r->worker))
		image_end_wait(r->img, false);
}

int reclaim_open(sd_event *event, struct image *img, struct reclaim **ret, struct err *e)
{
	struct reclaim *r = calloc(1, sizeof(*r));

	if (!r)
		return err_errno(e, "no memory");
	r->img = img;
	if (worker_open(event, wait_in_thread, finish, r, &r->worker, e)) {
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
	worker_close(r->worker);
	free(r);
}
