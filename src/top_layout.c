// SPDX-License-Identifier: GPL-2.0-only
#include "top_layout.h"

#include <stdio.h>

static const char *const sorts[TOP_N_SORTS] = {
	[TOP_BY_RATE] = "rate", [TOP_BY_TOTAL] = "total", [TOP_BY_NAME] = "name"};

static void draw_footer(const struct top *t, struct canvas *c)
{
	int row = c->rows - 1;

	if (t->editing) {
		canvas_put(c, row, 0, LOOK_STRONG, "filter: %s_", t->filter);
		return;
	}
	canvas_fill(c, row, LOOK_TITLE);
	if (t->filter[0])
		canvas_put(c, row, 0, LOOK_TITLE,
			   "filter `%s'  / change it  Esc clear  q quit  h help", t->filter);
	else
		canvas_put(c, row, 0, LOOK_TITLE,
			   "q quit  h help  p pause  / filter  n noise %s  s by %s  Tab list  "
			   "Enter whole",
			   t->no_noise ? "off" : "on", sorts[t->sort]);
}

static void draw_too_small(struct canvas *c)
{
	canvas_put(c, 0, 0, LOOK_STRONG, "wgfence top");
	canvas_put(c, 1, 0, LOOK_PLAIN, "%dx%d is too small,", c->cols, c->rows);
	canvas_put(c, 2, 0, LOOK_PLAIN, "it needs %dx%d", TOP_MIN_COLS, TOP_MIN_ROWS);
}

void top_layout(const struct top *t, u64 now, struct canvas *c)
{
	int body = c->rows - TOP_HEADER - 1;

	canvas_clear(c, c->rows, c->cols);
	if (c->rows < TOP_MIN_ROWS || c->cols < TOP_MIN_COLS) {
		draw_too_small(c);
		return;
	}
	top_draw_header(t, now, c);
	if (t->help)
		top_draw_help(c, TOP_HEADER, body);
	else if (t->whole)
		top_draw_whole(t, c, TOP_HEADER, body);
	else
		top_draw_panels(t, c, TOP_HEADER, body);
	draw_footer(t, c);
}
