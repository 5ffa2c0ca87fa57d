/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `wgfence top` shows: the last state of a fence, what came of it over time, the latest
 * attempts, and where in it the reader is.
 *
 * Owns: rates, histories, which rows there are, in which order. Pure: knows no terminal, no socket
 * and no clock. Of fixed size, whatever comes.
 */
#ifndef WGF_TOP_MODEL_H
#define WGF_TOP_MODEL_H

#include "event_parse.h"
#include "state.h"

#define TOP_HISTORY 120 /* samples, one a second */
#define TOP_EVENTS  256
#define TOP_FILTER  40
#define TOP_LINE    320

enum top_panel { TOP_REASONS, TOP_LATEST, TOP_FLOWS, TOP_N_PANELS };
enum top_sort { TOP_BY_RATE, TOP_BY_TOTAL, TOP_BY_NAME, TOP_N_SORTS };

struct top_event {
	struct told told;
	char text[TOP_LINE]; /* printable ASCII, without its end */
};

/* An entry that is shown whole: as it was when it was chosen, and nothing moves it away. */
struct top_entry {
	enum top_panel panel;
	bool there; /* the list was not empty */
	unsigned reason;
	struct top_event event;
	struct flow flow;
};

/* Of a reason, over all hooks, families and modes. */
struct top_reason {
	u64 total, audit; /* `audit` of `total` passed all the same */
	double rate;	  /* a second, between the last two states */
	double history[TOP_HISTORY];
};

struct top {
	const char *fence;
	struct state state;
	bool known;	      /* there is a state */
	unsigned n_samples;   /* of the histories; the newest is at (n_samples - 1) % TOP_HISTORY */
	double out, in;	      /* bytes a second through the tunnel */
	char problem[256];    /* why there is no newer state; "" where there is */
	unsigned n_events;    /* ever; the newest is at (n_events - 1) % TOP_EVENTS */
	u64 lost;	      /* events that we were too slow for */
	unsigned unseen;      /* events while paused */
	enum top_panel panel; /* the one that keys move in */
	unsigned at[TOP_N_PANELS];
	enum top_sort sort;
	bool paused, help, whole, editing, no_noise;
	struct top_entry entry; /* where `whole` */
	char filter[TOP_FILTER];
	struct top_reason reasons[WGF_N_REASONS];
	struct top_event events[TOP_EVENTS];
};

/* Forgets all of another fence; how it is looked at stays. */
void top_begin(struct top *t, const char *fence);

void top_take_state(struct top *t, const struct state *s);
void top_take_event(struct top *t, const struct event_line *l);

/* Real attempts first, then expected noise; how many of them are real. */
unsigned top_list_reasons(const struct top *t, u8 list[WGF_N_REASONS], unsigned *ret_real);
/* Newest first. */
unsigned top_list_events(const struct top *t, const struct top_event *list[TOP_EVENTS]);
/* Most dropped first. */
unsigned top_list_flows(const struct top *t, const struct flow *list[STATE_FLOWS]);

/* A flow as a line, without its end. */
void top_flow_line(const struct top *t, const struct flow *f, char line[TOP_LINE]);

/* What was not admitted: real attempts, or noise. */
u64 top_blocked(const struct top *t, bool noise);
double top_blocked_rate(const struct top *t, bool noise);

/* Of all hooks but the guard's, which are ordinary packets: packets and bytes let pass. */
struct wgf_count top_passed(const struct state *s, enum wgf_hook hook, enum wgf_reason reason);

#endif
