/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The terminal.
 *
 * Owns: it, between open and close (curses). Thin: shows a canvas, and turns what is typed into the
 * model's keys. Never writes to a terminal that has no room.
 */
#ifndef WGF_TOP_SCREEN_H
#define WGF_TOP_SCREEN_H

#include "err.h"
#include "top_canvas.h"

/* Can this terminal be drawn on? One that cannot place its cursor (TERM=dumb) gets the table. */
bool screen_possible(void);

int screen_open(struct canvas *c, struct err *e);
void screen_close(void);

/* -1: none is there. 0: nothing of interest, or another size. */
int screen_key(void);
/* The size as it is now, into the canvas. */
void screen_size(struct canvas *c);
/* False where the terminal takes nothing now. */
bool screen_show(const struct canvas *c);

#endif
