// SPDX-License-Identifier: GPL-2.0-only
/*
 * top: a fence at a glance, as it goes.
 *
 * Owns: the loop: keys first, then what came, then the screen, at most DRAW_MSEC apart unless a key
 * was pressed. Reads only.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "cmd.h"
#include "rundir.h"
#include "top_fences.h"
#include "top_keys.h"
#include "top_layout.h"
#include "top_screen.h"
#include "top_source.h"
#include "top_table.h"

#define DRAW_MSEC  250
#define TICK_MSEC  1000
#define FIRST_MSEC 10000 /* for the first answer */
#define MAX_KEYS   64	 /* in one go */

static volatile sig_atomic_t stopped;
static char current[FENCE_NAME_MAX + 1]; /* the fence that is looked at */

static void on_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

static u64 wall(void)
{
	return (u64)time(NULL);
}

/* Until there is a state, or none will come. Nothing is drawn before: an error is said plainly. */
static int first_state(struct top_source *s, struct top *t, struct err *e)
{
	u64 end = now_msec() + FIRST_MSEC;
	struct pollfd fds[2];

	while (!t->known) {
		if (top_source_tick(s, now_msec(), t))
			break;
		if (s->e.code != EXIT_FINE && s->state < 0)
			return err_set(e, s->e.code, "%s", s->e.text);
		if (now_msec() > end)
			return err_set(e, EXIT_FAILED, "the daemon of %s does not answer",
				       s->fence);
		top_source_wait(s, fds);
		fds[1].fd = -1; /* events are taken once there is something to show them with */
		poll(fds, 2, TICK_MSEC);
		top_source_take(s, t);
	}
	return 0;
}

/* The new one is looked at as the old one was. */
static void switch_fence(struct top_source *s, struct top *t, int step)
{
	struct list fences = {0};
	struct err e = {0};
	const char *next = current;

	if (top_fences(RUN_DIR, &fences, &e) == 0)
		next = top_fence_beside(&fences, current, step);
	if (strcmp(next, current) != 0) {
		snprintf(current, sizeof(current), "%s", next);
		top_source_close(s);
		top_begin(t, current);
		if (top_source_open(s, current, &e))
			stopped = 1;
	}
	list_free(&fences);
}

/* True where one was pressed. */
static bool take_keys(struct top_source *s, struct top *t)
{
	bool any = false;
	int key;

	for (int i = 0; i < MAX_KEYS && (key = screen_key()) >= 0; i++) {
		enum top_do what = top_press(t, key);

		any = true;
		if (what == TOP_QUIT)
			stopped = 1;
		else if (what != TOP_STAY)
			switch_fence(s, t, what == TOP_NEXT_FENCE ? 1 : -1);
	}
	return any;
}

static void loop(struct top_source *s, struct top *t, struct canvas *c)
{
	u64 drawn = 0;
	bool dirty = true;

	while (!stopped) {
		struct pollfd fds[3] = {[2] = {.fd = STDIN_FILENO, .events = POLLIN}};
		u64 now;

		top_source_wait(s, fds);
		poll(fds, 3, dirty ? DRAW_MSEC : TICK_MSEC);
		if (fds[2].revents & (POLLHUP | POLLERR | POLLNVAL))
			return; /* the terminal is gone */
		dirty |= fds[0].revents || fds[1].revents;
		if (take_keys(s, t))
			drawn = 0;
		top_source_take(s, t);
		now = now_msec();
		dirty |= top_source_tick(s, now, t);
		if (drawn && now - drawn < DRAW_MSEC)
			continue;
		screen_size(c);
		top_layout(t, wall(), c);
		if (screen_show(c))
			dirty = false;
		drawn = now;
	}
}

static int watch(struct top_source *s, struct top *t, struct err *e)
{
	static struct canvas c;
	struct sigaction stop = {.sa_handler = on_signal};

	if (screen_open(&c, e))
		return (int)e->code;
	/* After curses, whose own would end us with another exit code. */
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
	loop(s, t, &c);
	screen_close();
	return EXIT_FINE;
}

/* Without a name the first fence there is. */
static int choose(const struct options *o, struct err *e)
{
	struct list fences = {0};
	int failed = 0;

	if (o->name)
		snprintf(current, sizeof(current), "%s", o->name);
	else if (top_fences(RUN_DIR, &fences, e))
		failed = -1;
	else if (!fences.n)
		failed = err_set(e, EXIT_NOT_ENFORCED,
				 "no `wgfence run` runs; as root, wgfence top NAME shows a fence "
				 "that stands all the same");
	else
		snprintf(current, sizeof(current), "%s", fences.v[0]);
	list_free(&fences);
	return failed;
}

int cmd_top(const struct options *o, struct err *e)
{
	static struct top_source s; /* too large for comfort on the stack */
	static struct top t;
	bool once = o->given & OPT(OPT_ONCE) || !screen_possible();
	int code;

	if (choose(o, e))
		return (int)e->code;
	top_begin(&t, current);
	if (top_source_open(&s, current, e))
		return (int)e->code;
	s.no_events = once;
	if (first_state(&s, &t, e)) {
		code = (int)e->code;
	} else if (once) {
		top_table(stdout, &t, wall());
		code = t.state.whole && !t.state.audit ? EXIT_FINE : EXIT_NOT_ENFORCED;
	} else {
		code = watch(&s, &t, e);
	}
	top_source_close(&s);
	return code;
}
