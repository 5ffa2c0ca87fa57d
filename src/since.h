/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: the instants that people write, as journalctl(1) takes them behind --since. Pure. */
#ifndef WGF_SINCE_H
#define WGF_SINCE_H

#include <stdbool.h>

#include "types.h"

/*
 * "2026-11-26 10:00", with seconds or without a time of day; "10:00"; today, yesterday, now;
 * "10 min ago". In local time; `now` and the answer are seconds since 1970.
 */
bool since_parse(const char *text, u64 now, u64 *ret);

#endif
