/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where on the screen what stands.
 *
 * Owns: the layout, from 80 columns and 24 rows up. Pure.
 */
#ifndef WGF_TOP_LAYOUT_H
#define WGF_TOP_LAYOUT_H

#include "top_canvas.h"
#include "top_model.h"

#define TOP_MIN_ROWS 24
#define TOP_MIN_COLS 80
#define TOP_HEADER   5

/* `now` is the wall clock's, in seconds. Fills the canvas, whose size is set. */
void top_layout(const struct top *t, u64 now, struct canvas *c);

/* The parts of it. */
void top_draw_header(const struct top *t, u64 now, struct canvas *c);
void top_draw_panels(const struct top *t, struct canvas *c, int row, int rows);
void top_draw_help(struct canvas *c, int row, int rows);
void top_draw_whole(const struct top *t, struct canvas *c, int row, int rows);

/* "1.2k": four characters or fewer in front of a unit */
const char *top_short(double n, char text[16]);

#endif
