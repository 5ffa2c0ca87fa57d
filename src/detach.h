/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking a fence down, on request only.
 *
 * Owns: the order of it, and the refusal while members hold sockets: these would go on outside.
 */
#ifndef WGF_DETACH_H
#define WGF_DETACH_H

#include <stdbool.h>

#include "err.h"
#include "sockets.h"

/*
 * `ret` tells who is free now. Of what is outside of the pins (guard, rules, routes) something may
 * stay where it is forced: then `ret_left` says what is known of it, else it is "".
 */
int detach(const char *name, bool force, struct members *ret, struct err *ret_left, struct err *e);

#endif
