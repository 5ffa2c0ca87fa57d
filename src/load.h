/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading the programs.
 *
 * Owns: libbpf's object and its messages, and the words for what a kernel lacks.
 */
#ifndef WGF_LOAD_H
#define WGF_LOAD_H

#include "err.h"
#include "event.h"
#include "fence_maps.h"

#include "fence.skel.h" /* names struct wgf_image */

/* The verifier's log goes to standard error; otherwise it is kept, and only its reason is shown. */
void load_show_log(void);

/*
 * Loads the programs onto the maps given by fd, or onto new ones where -1. Nothing is attached.
 */
struct fence_bpf *load_programs(const int maps[N_MAPS], struct err *e);

/* Loads the guard onto these maps, and returns its descriptor. Nothing is attached. */
int load_guard(const int maps[N_MAPS], struct err *e);

/* Of any of the objects: they have the same maps. */
struct bpf_map *load_map(const struct bpf_object *obj, enum map_id id);

/* Before it is loaded: these maps instead of its own; its own where -1. */
int load_reuse(const struct bpf_object *obj, const int maps[N_MAPS]);

#endif
