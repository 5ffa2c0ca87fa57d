/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A screen in memory: cells, each a character and how it looks.
 *
 * Owns: that nothing is written beside it, and no character that could steer a terminal. Pure.
 */
#ifndef WGF_TOP_CANVAS_H
#define WGF_TOP_CANVAS_H

#include <stdbool.h>

#include "types.h"

#define CANVAS_MAX_ROWS 200
#define CANVAS_MAX_COLS 400

enum look {
	LOOK_PLAIN,
	LOOK_TITLE,
	LOOK_STRONG,
	LOOK_GOOD,
	LOOK_BAD,
	LOOK_WARN,
	LOOK_BAR,
	N_LOOKS
};

struct cell {
	u16 c; /* printable ASCII, or a block of U+2581 to U+2588 */
	u8 look;
	bool chosen;
};

struct canvas {
	int rows, cols;
	bool blocks; /* the terminal has the blocks of Unicode */
	struct cell cells[CANVAS_MAX_ROWS][CANVAS_MAX_COLS];
};

/* Blank; larger than the maximum is cut. */
void canvas_clear(struct canvas *c, int rows, int cols);

/* From there on, cut at the edge; returns the column behind it. */
int canvas_put(struct canvas *c, int row, int col, enum look look, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* One of the 9 steps of a bar, 0 is nothing. */
void canvas_step(struct canvas *c, int row, int col, unsigned step);

/* The whole row looks like that from now on; what is on it stays. */
void canvas_fill(struct canvas *c, int row, enum look look);
void canvas_choose(struct canvas *c, int row);

#endif
