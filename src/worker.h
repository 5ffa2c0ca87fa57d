/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A worker: what takes time, in a thread of its own, and the loop told of its end.
 *
 * Owns: the thread, one at a time. What `work` reads and writes is the thread's until `done`.
 */
#ifndef WGF_WORKER_H
#define WGF_WORKER_H

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "err.h"

struct worker;

/* `work` runs in the thread, `done` in the loop; both are given the context. */
int worker_open(sd_event *event, void (*work)(void *context), void (*done)(void *context),
		void *context, struct worker **ret, struct err *e);

/* False where it works already, or no thread is to be had. */
bool worker_start(struct worker *w);
bool worker_works(const struct worker *w);

/*
 * Waits at most so long for what it works on, and calls done. False: it works on, and nobody can
 * end it: what it was given must stay as long as the process.
 */
bool worker_wait(struct worker *w, unsigned msec);

/* Waits for what it works on, and calls done; NULL is fine. */
void worker_close(struct worker *w);

#endif
