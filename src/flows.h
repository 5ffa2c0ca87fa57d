/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of dropped flows, read from the kernel.
 *
 * Owns: picking those that were dropped most. The kernel bounds the table, and forgets what was
 * seen longest ago.
 */
#ifndef WGF_FLOWS_H
#define WGF_FLOWS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "event.h"
#include "unix_text.h"

struct flow {
	struct wgf_flow_key key;
	struct wgf_flow value;
};

/* The flows with the highest counts, at most `max`, highest first; how many there are in all. */
int flows_top(const char *fence, struct flow *ret, unsigned max, unsigned *ret_n,
	      unsigned *ret_total, struct err *e);

/* When any of them was dropped last (CLOCK_BOOTTIME, nanoseconds); 0: none. */
int flows_last(const char *fence, u64 *ret, struct err *e);

/* The other end; a unix socket has a name instead, of which the key holds the end. */
bool flow_knows_remote(const struct wgf_flow_key *key);
size_t flow_name_length(const struct wgf_flow_key *key); /* 0: no name, or not known */
const char *flow_name(const struct wgf_flow_key *key, char out[NAME_TEXT]);

/* The way back from what those two said; false where they cannot have. */
bool flow_set_name(struct wgf_flow_key *key, const char *text, size_t len);

#endif
