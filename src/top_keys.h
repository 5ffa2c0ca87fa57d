/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a key does to the model.
 *
 * Owns: the keys. Pure: names its own codes for those that are no character.
 */
#ifndef WGF_TOP_KEYS_H
#define WGF_TOP_KEYS_H

#include "top_model.h"

enum top_key { TOP_UP = 0x100, TOP_DOWN, TOP_PAGE_UP, TOP_PAGE_DOWN, TOP_HOME, TOP_END, TOP_ERASE };
enum top_do { TOP_STAY, TOP_QUIT, TOP_NEXT_FENCE, TOP_PREVIOUS_FENCE };

#define TOP_ESC 27

enum top_do top_press(struct top *t, int key);

/* How many entries the list has in which keys move. */
unsigned top_entries(const struct top *t);

#endif
