/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of unix sockets as text.
 *
 * Owns: one form, in which the configuration has them and events tell them: a path as it is, an
 * abstract name with @ for the NUL in front; what is no printable ASCII, the blank and the
 * backslash as \xNN, and so is an @ that a relative path begins with. Pure; a name is whatever a
 * process asked for.
 */
#ifndef WGF_UNIX_TEXT_H
#define WGF_UNIX_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "unix_name.h"

#define NAME_TEXT (4 * WGF_NAME_BYTES + 4) /* and "..." with its end */

/* The last `n` bytes of a name that has `len`: "..." in front where these are not all. */
const char *name_print(const char *tail, size_t n, size_t len, char out[NAME_TEXT]);

/* A whole name; bytes that need no escape but have none are taken as they are. */
bool name_parse(const char *text, struct wgf_name *ret);

/* What name_print() made of `n` bytes of `len`, to the letter. */
bool name_parse_tail(const char *text, size_t n, size_t len, char *ret);

#endif
