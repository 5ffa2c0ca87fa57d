// SPDX-License-Identifier: GPL-2.0-only
/*
 * The three lists: counters by reason, the latest attempts, the flows that were dropped most.
 *
 * Owns: how the rows are shared, and which part of a list is in sight.
 */
#include <stdio.h>

#include "noise.h"
#include "top_brief.h"
#include "top_layout.h"
#include "words.h"

#define COL_TOTAL 40 /* behind the reason */
#define COL_BAR	  65
#define ROOMY	  120 /* columns in which an attempt has room in its own words */

static void put_title(const struct top *t, struct canvas *c, int row, enum top_panel panel,
		      const char *title, unsigned n)
{
	bool here = t->panel == panel;

	canvas_put(c, row, 0, here ? LOOK_TITLE : LOOK_STRONG, "%c %s (%u)", here ? '>' : ' ',
		   title, n);
	if (panel == TOP_REASONS) {
		canvas_put(c, row, COL_TOTAL, LOOK_STRONG, "%11s %9s", "total", "a second");
		canvas_put(c, row, COL_BAR, LOOK_STRONG, "history");
	}
}

/* The first entry in sight, so that the chosen one is. */
static unsigned first_in_sight(const struct top *t, enum top_panel panel, unsigned n, int rows)
{
	unsigned at = t->at[panel] < n ? t->at[panel] : n ? n - 1 : 0;

	return rows > 0 && at >= (unsigned)rows ? at - (unsigned)rows + 1 : 0;
}

static bool is_chosen(const struct top *t, enum top_panel panel, unsigned i, unsigned n)
{
	return t->panel == panel && n && i == (t->at[panel] < n ? t->at[panel] : n - 1);
}

static void put_history(const struct top *t, struct canvas *c, int row, unsigned reason)
{
	const double *history = t->reasons[reason].history;
	unsigned room = c->cols > COL_BAR ? (unsigned)(c->cols - COL_BAR) : 0, n = t->n_samples;
	double max = 0;

	n = n < TOP_HISTORY ? n : TOP_HISTORY;
	n = n < room ? n : room;
	for (unsigned i = 1; i <= n; i++)
		if (history[(t->n_samples - i) % TOP_HISTORY] > max)
			max = history[(t->n_samples - i) % TOP_HISTORY];
	for (unsigned i = 1; i <= n; i++) {
		double rate = history[(t->n_samples - i) % TOP_HISTORY];
		unsigned step = rate > 0 ? 1 + (unsigned)(rate / max * 7) : 0;

		canvas_step(c, row, COL_BAR + (int)(n - i), step);
	}
}

static void put_reason(const struct top *t, struct canvas *c, int row, unsigned reason)
{
	const struct top_reason *r = &t->reasons[reason];
	char rate[16];

	canvas_put(c, row, 0, reason_is_noise(reason) ? LOOK_PLAIN : LOOK_BAD, "  %.37s",
		   reasons[reason].text);
	canvas_put(c, row, COL_TOTAL, LOOK_PLAIN, "%11llu %9s%s", r->total,
		   top_short(r->rate, rate), r->audit ? " a" : "");
	put_history(t, c, row, reason);
}

/* Noise has a line of its own above it, which is no entry. */
static void draw_reasons(const struct top *t, struct canvas *c, int row, int rows)
{
	u8 list[WGF_N_REASONS];
	unsigned real, n = top_list_reasons(t, list, &real);
	int end = row + rows, room = rows - 1 - (n > real);

	put_title(t, c, row++, TOP_REASONS, "Blocked, by reason", n);
	if (!n && t->known)
		canvas_put(c, row, 0, LOOK_PLAIN, "  nothing%s",
			   t->filter[0] || t->no_noise ? " that the filter lets through" : "");
	for (unsigned i = first_in_sight(t, TOP_REASONS, n, room); i < n && row < end; i++) {
		if (i >= real && (i == real || row == end - rows + 1) && row < end - 1)
			canvas_put(c, row++, 0, LOOK_STRONG, "  expected noise");
		put_reason(t, c, row, list[i]);
		if (is_chosen(t, TOP_REASONS, i, n))
			canvas_choose(c, row);
		row++;
	}
}

static void draw_latest(const struct top *t, struct canvas *c, int row, int rows)
{
	const struct top_event *list[TOP_EVENTS];
	unsigned n = top_list_events(t, list), i;
	char line[TOP_LINE];

	put_title(t, c, row, TOP_LATEST, "Latest", n);
	if (!t->n_events)
		canvas_put(c, row + 1, 0, LOOK_PLAIN, "  nothing since this is open");
	i = first_in_sight(t, TOP_LATEST, n, rows - 1);
	for (int end = row + rows; i < n && ++row < end; i++) {
		top_brief_event(list[i], line);
		canvas_put(c, row, 0,
			   reason_is_noise(list[i]->told.event.reason) ? LOOK_PLAIN : LOOK_BAD,
			   "  %s", c->cols < ROOMY ? line : list[i]->text);
		if (is_chosen(t, TOP_LATEST, i, n))
			canvas_choose(c, row);
	}
}

static void draw_flows(const struct top *t, struct canvas *c, int row, int rows)
{
	const struct flow *list[STATE_FLOWS];
	unsigned n = top_list_flows(t, list), i;
	char line[TOP_LINE];

	put_title(t, c, row, TOP_FLOWS, "Dropped most, by flow", n);
	i = first_in_sight(t, TOP_FLOWS, n, rows - 1);
	for (int end = row + rows; i < n && ++row < end; i++) {
		if (c->cols < ROOMY)
			top_brief_flow(list[i], line);
		else
			top_flow_line(t, list[i], line);
		canvas_put(c, row, 0, LOOK_PLAIN, "%s", line);
		if (is_chosen(t, TOP_FLOWS, i, n))
			canvas_choose(c, row);
	}
}

/* Reasons get what they need up to two fifths, flows a quarter, the latest the rest. */
void top_draw_panels(const struct top *t, struct canvas *c, int row, int rows)
{
	u8 list[WGF_N_REASONS];
	unsigned real, n = top_list_reasons(t, list, &real);
	int wanted = 1 + (int)n + (n > real), most = rows * 2 / 5;
	int a = wanted < most ? (wanted < 4 ? 4 : wanted) : most, b = rows / 4;

	draw_reasons(t, c, row, a);
	draw_latest(t, c, row + a, rows - a - b);
	draw_flows(t, c, row + rows - b, b);
}
