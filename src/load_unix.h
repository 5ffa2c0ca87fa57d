/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading the programs for unix sockets.
 *
 * Owns: telling a kernel that has no hooks for them, where the fence stands without, from a
 * failure, where it does not: what a kernel has must not be missing because something went wrong.
 */
#ifndef WGF_LOAD_UNIX_H
#define WGF_LOAD_UNIX_H

#include "err.h"
#include "fence_maps.h"

#include "unix.skel.h" /* names struct wgf_image */

/* 1: this kernel has the hooks; 0: it has not; -1: it cannot be told. Asked once. */
int unix_hooks(struct err *e);

/* In words, for who asks a kernel that has not. */
void unix_hooks_missing(char *ret, size_t size);

/* Loads the programs onto the pinned maps of the fence. Nothing is attached. */
struct unix_bpf *load_unix(const char *fence, struct err *e);

#endif
