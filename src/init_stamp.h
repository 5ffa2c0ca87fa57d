/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The head line of a file that `init` writes, by which a user's edit is noticed.
 *
 * Owns: its form. The checksum is against accidents, not against forgery: who may write there is
 * root. Pure.
 */
#ifndef WGF_INIT_STAMP_H
#define WGF_INIT_STAMP_H

enum stamp {
	STAMP_OURS,   /* as it was written */
	STAMP_EDITED, /* written by us, and changed since */
	STAMP_FOREIGN /* somebody else's */
};

/* The body with the head line above it, to be freed; NULL where memory is short. */
char *stamp_put(const char *body);
enum stamp stamp_check(const char *text);

#endif
