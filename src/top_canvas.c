// SPDX-License-Identifier: GPL-2.0-only
#include "top_canvas.h"

#include <stdarg.h>
#include <stdio.h>

static bool inside(const struct canvas *c, int row, int col)
{
	return row >= 0 && row < c->rows && col >= 0 && col < c->cols;
}

void canvas_clear(struct canvas *c, int rows, int cols)
{
	c->rows = rows < CANVAS_MAX_ROWS ? rows : CANVAS_MAX_ROWS;
	c->cols = cols < CANVAS_MAX_COLS ? cols : CANVAS_MAX_COLS;
	for (int row = 0; row < c->rows; row++)
		for (int col = 0; col < c->cols; col++)
			c->cells[row][col] = (struct cell){.c = ' '};
}

/* What is printed is escaped before (event_text_name()); this is the last line of defence. */
int canvas_put(struct canvas *c, int row, int col, enum look look, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (const char *s = text; *s; s++, col++) {
		if (!inside(c, row, col))
			continue;
		c->cells[row][col].c = *s >= 0x20 && *s <= 0x7e ? (u16)*s : '?';
		c->cells[row][col].look = (u8)look;
	}
	return col;
}

void canvas_step(struct canvas *c, int row, int col, unsigned step)
{
	static const char ascii[] = " .:-=+*#%";

	if (!inside(c, row, col) || step > 8)
		return;
	c->cells[row][col].look = LOOK_BAR;
	c->cells[row][col].c = c->blocks && step ? (u16)(0x2580 + step) : (u16)ascii[step];
}

void canvas_fill(struct canvas *c, int row, enum look look)
{
	for (int col = 0; inside(c, row, col); col++)
		c->cells[row][col].look = (u8)look;
}

void canvas_choose(struct canvas *c, int row)
{
	for (int col = 0; inside(c, row, col); col++)
		c->cells[row][col].chosen = true;
}
