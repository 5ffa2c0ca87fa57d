/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps of a fence, as they are pinned: one set for each layout.
 *
 * Owns: their names and shapes. A set's pins are NAME-LAYOUT ("image-2"), so that a newer program
 * can put its own maps beside those that the links still use.
 */
#ifndef WGF_FENCE_MAPS_H
#define WGF_FENCE_MAPS_H

#include <stdbool.h>

#include "counters.h"
#include "err.h"

enum map_id { MAP_IMAGE, MAP_COUNTERS, MAP_EVENTS, MAP_FLOWS, MAP_WHO, MAP_NAMES, N_MAPS };

#define MAP_PIN 32

/* The pin of a map of this layout; `what` is map_name() or "former". */
const char *map_pin(const char *what, u32 layout, char out[MAP_PIN]);
const char *map_name(enum map_id id);

/*
 * Opens the pinned map of this program's layout: -1 with errno ENOENT and e untouched where there
 * is none; -1 with e filled where it is not of the shape that this program knows.
 */
int map_open(const char *fence, enum map_id id, struct err *e);

/* All that are there, -1 for those that are not. */
int maps_open(const char *fence, int ret[N_MAPS], struct err *e);
void maps_close(int fds[N_MAPS]);

/* The highest layout that the fence has maps of; 0 where it has none. */
int maps_newest(const char *fence, u32 *ret, struct err *e);

/* An error where a newer program made them; with `own`, where an older one did, too. */
int maps_check_layout(const char *fence, bool own, struct err *e);

/* The network namespace of the policy in force, whatever its layout; 0 where there is none. */
int maps_netns(const char *fence, u64 *ret, struct err *e);

#endif
