/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of unix sockets that members may reach.
 *
 * Owns: the key of the pinned map that holds them. Compared byte by byte: what a caller writes in
 * another way is another name.
 */
#ifndef WGF_UNIX_NAME_H
#define WGF_UNIX_NAME_H

#include "types.h"

#define WGF_NAME_BYTES	 108 /* of sun_path */
#define WGF_NAME_TAIL	 32  /* of a name's end, which an event tells: its `local` and `remote` */
#define WGF_MAX_NAMES	 64  /* that a configuration has */
#define WGF_ALWAYS_NAMES 8   /* room for those that are named always */

/* A path without its NUL, or an abstract name with the NUL in front and all that follows it. */
struct wgf_name {
	char bytes[WGF_NAME_BYTES]; /* zero behind `len` */
	u32 len;
};

_Static_assert(sizeof(struct wgf_name) == 112, "no hidden padding");

#endif
