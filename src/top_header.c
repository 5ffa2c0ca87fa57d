// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state at a glance: the screen's first rows.
 *
 * Owns: its words. What is not known is said to be so.
 */
#include <stdio.h>
#include <time.h>

#include "top_layout.h"

const char *top_short(double n, char text[16])
{
	static const char units[] = " kMGTPE";
	unsigned i = 0;

	for (; n >= 999.5 && i < sizeof(units) - 2; i++)
		n /= 1000;
	snprintf(text, 16, n < 9.95 && (i || n != (double)(unsigned)n) ? "%.1f%.*s" : "%.0f%.*s", n,
		 i > 0, units + i);
	return text;
}

static const char *age(u64 then, u64 now, char text[32])
{
	u64 s = then < now ? now - then : 0;

	if (s < 120)
		snprintf(text, 32, "%llu s", s);
	else if (s < 7200)
		snprintf(text, 32, "%llu min", s / 60);
	else
		snprintf(text, 32, "%llu h", s / 3600);
	return text;
}

static void put_fence(const struct top *t, u64 now, struct canvas *c)
{
	const struct state *s = &t->state;
	char clock[] = "HH:MM:SS";
	time_t when = (time_t)now;
	struct tm tm;
	int col = canvas_put(c, 0, 0, LOOK_TITLE, "wgfence top  %s: ", t->fence);

	canvas_fill(c, 0, LOOK_TITLE);
	if (!t->known)
		col = canvas_put(c, 0, col, LOOK_TITLE, "not known yet");
	else if (!s->exists)
		col = canvas_put(c, 0, col, LOOK_TITLE, "DOES NOT STAND");
	else if (!s->whole)
		col = canvas_put(c, 0, col, LOOK_TITLE, "NOT WHOLE");
	else
		col = canvas_put(c, 0, col, LOOK_TITLE, "%s",
				 s->audit ? "AUDIT, drops nothing" : "enforced");
	if (t->paused)
		canvas_put(c, 0, col, LOOK_TITLE, "  PAUSED, %u events since", t->unseen);
	if (localtime_r(&when, &tm))
		strftime(clock, sizeof(clock), "%T", &tm);
	canvas_put(c, 0, c->cols - (int)sizeof(clock), LOOK_TITLE, " %s", clock);
}

static void put_tunnel(const struct top *t, u64 now, struct canvas *c)
{
	const struct state *s = &t->state;
	char text[32];
	int col = canvas_put(c, 1, 0, LOOK_STRONG, "tunnel   ");

	if (!s->tunnel[0]) {
		canvas_put(c, 1, col, LOOK_PLAIN, "not known");
		return;
	}
	col = canvas_put(c, 1, col, s->tunnel_up ? LOOK_GOOD : LOOK_BAD, "%s %s", s->tunnel,
			 s->tunnel_up ? "up" : "DOWN");
	if (s->in_policy != s->tunnel_up)
		col = canvas_put(c, 1, col, LOOK_WARN, ", %s the policy",
				 s->in_policy ? "still in" : "not in");
	if (s->shakes && s->handshake)
		col = canvas_put(c, 1, col, LOOK_PLAIN, ", handshake %s ago",
				 age(s->handshake, now, text));
	else
		col = canvas_put(c, 1, col, LOOK_PLAIN, ", %s",
				 s->shakes ? "no handshake yet" : "handshake not known");
	canvas_put(c, 1, col, LOOK_PLAIN, ", policy %llu", s->generation);
}

static void put_cgroup(const struct top *t, struct canvas *c)
{
	static const char *const people[] = {[PEOPLE_UNKNOWN] = "",
					     [PEOPLE_NONE] = " (nothing runs in it)",
					     [PEOPLE_SOME] = " (running)"};
	const struct state *s = &t->state;
	int col = canvas_put(c, 2, 0, LOOK_STRONG, "cgroup   ");

	canvas_put(c, 2, col, LOOK_PLAIN, "%s%s", s->cgroup[0] ? s->cgroup : "path not known",
		   people[s->people]);
}

static void put_carried(const struct top *t, struct canvas *c)
{
	const struct state *s = &t->state;
	char a[16], b[16], d[16], e[16];
	u64 webui = top_passed(s, WGF_EGRESS, WGF_WEBUI).packets +
		    top_passed(s, WGF_INGRESS, WGF_WEBUI).packets;
	u64 rules = top_passed(s, WGF_EGRESS, WGF_RULE).packets +
		    top_passed(s, WGF_INGRESS, WGF_RULE).packets;
	int col = canvas_put(c, 3, 0, LOOK_STRONG, "carried  ");

	col = canvas_put(c, 3, col, LOOK_PLAIN, "out %sB/s (%sB)  in %sB/s (%sB)",
			 top_short(t->out, a),
			 top_short((double)top_passed(s, WGF_EGRESS, WGF_TUNNEL).bytes, b),
			 top_short(t->in, d),
			 top_short((double)top_passed(s, WGF_INGRESS, WGF_TUNNEL).bytes, e));
	canvas_put(c, 3, col, LOOK_PLAIN, "  WebUI %s, rules %s packets",
		   top_short((double)webui, a), top_short((double)rules, b));
}

static void put_blocked(const struct top *t, struct canvas *c)
{
	u64 real = top_blocked(t, false);
	char a[16], b[16], d[16];
	int col = canvas_put(c, 4, 0, LOOK_STRONG, "blocked  ");

	col = canvas_put(c, 4, col, real ? LOOK_BAD : LOOK_GOOD, "%llu attempts, %s/s", real,
			 top_short(top_blocked_rate(t, false), a));
	col = canvas_put(c, 4, col, LOOK_PLAIN, "  expected noise %s, %s/s",
			 top_short((double)top_blocked(t, true), b),
			 top_short(top_blocked_rate(t, true), d));
	if (t->lost)
		canvas_put(c, 4, col, LOOK_WARN, "  lost here %llu", t->lost);
}

/* A problem takes the place of the cgroup, which is the last thing to know then. */
void top_draw_header(const struct top *t, u64 now, struct canvas *c)
{
	put_fence(t, now, c);
	if (t->known) {
		put_tunnel(t, now, c);
		put_cgroup(t, c);
		put_carried(t, c);
		put_blocked(t, c);
	}
	if (t->problem[0] || t->state.missing[0]) {
		for (int col = 0; col < c->cols; col++)
			canvas_put(c, 2, col, LOOK_PLAIN, " ");
		canvas_put(c, 2, 0, LOOK_WARN, "%s", t->problem[0] ? t->problem : t->state.missing);
	}
}
