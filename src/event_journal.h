/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events that the journal keeps: of each reason at each hook the first since a start of `run`
 * (wgfence(8), THE JOURNAL).
 *
 * Owns: finding them, and making events of their fields again. Believes no field.
 */
#ifndef WGF_EVENT_JOURNAL_H
#define WGF_EVENT_JOURNAL_H

#include "event_print.h"

/* The value of a field, "" where there is none; there until the next is asked for. */
typedef const char *event_field_fn(const char *key, void *context);

/* Pure. False where the fields are no event. */
bool event_from_fields(event_field_fn *field, void *context, struct timespec time,
		       struct told *ret);

/* Calls f for each of the fence since then (seconds since 1970), oldest first. */
int event_journal_each(const char *fence, u64 since, void (*f)(const struct told *t, void *context),
		       void *context, struct err *e);

#endif
