/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notes: what the policy compiler has to tell.
 *
 * Owns: adding one; the list itself is the compiler's result (compile.h).
 */
#ifndef WGF_NOTES_H
#define WGF_NOTES_H

#include "compile.h"

/* Where the list is full, a conflict takes the place of another note: it must not go unseen. */
void note_add(struct notes *notes, enum note_kind kind, unsigned line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
