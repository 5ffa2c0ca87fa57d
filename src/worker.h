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

/* Waits for what it works on, and calls done; NULL is fine. */
void worker_close(struct worker *w);

#endif
