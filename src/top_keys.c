// SPDX-License-Identifier: GPL-2.0-only
#include "top_keys.h"

#include <string.h>

#define PAGE 10

unsigned top_entries(const struct top *t)
{
	const struct top_event *events[TOP_EVENTS];
	const struct flow *flows[STATE_FLOWS];
	u8 list[WGF_N_REASONS];
	unsigned real;

	switch (t->panel) {
	case TOP_REASONS:
		return top_list_reasons(t, list, &real);
	case TOP_LATEST:
		return top_list_events(t, events);
	default:
		return top_list_flows(t, flows);
	}
}

static void move_to(struct top *t, long at)
{
	long last = (long)top_entries(t) - 1;

	at = at > last ? last : at;
	t->at[t->panel] = at > 0 ? (unsigned)at : 0;
}

/* All that can be typed is printable ASCII, as all is that is searched. */
static void edit(struct top *t, int key)
{
	size_t len = strlen(t->filter);

	if (key == TOP_ESC)
		t->filter[0] = '\0';
	if (key == TOP_ESC || key == '\n' || key == '\r')
		t->editing = false;
	else if (key == TOP_ERASE && len)
		t->filter[len - 1] = '\0';
	else if (key >= ' ' && key <= '~' && len < sizeof(t->filter) - 1) {
		t->filter[len] = (char)key;
		t->filter[len + 1] = '\0';
	}
	memset(t->at, 0, sizeof(t->at));
}

static void move(struct top *t, int key)
{
	long at = t->at[t->panel];

	switch (key) {
	case TOP_UP:
	case 'k':
		move_to(t, at - 1);
		break;
	case TOP_DOWN:
	case 'j':
		move_to(t, at + 1);
		break;
	case TOP_PAGE_UP:
		move_to(t, at - PAGE);
		break;
	case TOP_PAGE_DOWN:
		move_to(t, at + PAGE);
		break;
	case TOP_HOME:
		move_to(t, 0);
		break;
	case TOP_END:
		move_to(t, TOP_EVENTS);
		break;
	}
}

static void open_entry(struct top *t)
{
	const struct top_event *events[TOP_EVENTS];
	const struct flow *flows[STATE_FLOWS];
	u8 list[WGF_N_REASONS];
	unsigned real, n = top_entries(t), at = t->at[t->panel];

	at = at < n ? at : n - 1;
	t->whole = true;
	t->entry.panel = t->panel;
	t->entry.there = n > 0;
	if (!n)
		return;
	if (t->panel == TOP_REASONS) {
		top_list_reasons(t, list, &real);
		t->entry.reason = list[at];
	} else if (t->panel == TOP_LATEST) {
		top_list_events(t, events);
		t->entry.event = *events[at];
	} else {
		top_list_flows(t, flows);
		t->entry.flow = *flows[at];
	}
}

static void toggle(struct top *t, int key)
{
	switch (key) {
	case 'p':
	case ' ':
		t->paused = !t->paused;
		t->unseen = 0;
		break;
	case 'n':
		t->no_noise = !t->no_noise;
		break;
	case 's':
		t->sort = (t->sort + 1) % TOP_N_SORTS;
		break;
	case '\t':
		t->panel = (t->panel + 1) % TOP_N_PANELS;
		t->whole = false;
		break;
	case '\n':
	case '\r':
		if (t->whole)
			t->whole = false;
		else
			open_entry(t);
		break;
	case '/':
		t->editing = true;
		break;
	case 'h':
	case '?':
		t->help = true;
		break;
	case TOP_ESC:
		if (!t->whole)
			t->filter[0] = '\0';
		t->whole = false;
		break;
	}
}

enum top_do top_press(struct top *t, int key)
{
	if (t->editing) {
		edit(t, key);
		return TOP_STAY;
	}
	if (key == 'q')
		return TOP_QUIT;
	if (t->help) {
		t->help = false;
		return TOP_STAY;
	}
	if (key == 'f' || key == 'F')
		return key == 'f' ? TOP_NEXT_FENCE : TOP_PREVIOUS_FENCE;
	toggle(t, key);
	move(t, key);
	return TOP_STAY;
}
