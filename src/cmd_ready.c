// SPDX-License-Identifier: GPL-2.0-only
/*
 * ready: the gate before a unit's start, and on demand a wait for the tunnel.
 *
 * Owns: how long it waits, and what it says to whom the start was refused. Exit code 0 is a
 * promise: the caller's sockets are held. Whatever cannot be told counts as not fenced.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "cmd.h"
#include "decimal.h"
#include "gate.h"
#include "pins.h"
#include "tunnel.h"

#define FENCE_MSEC	5000 /* a slice just made: `run` attaches anew */
#define PAUSE_USEC	20000
#define TUNNEL_USEC	100000
#define DEFAULT_SECONDS 30
#define MAX_SECONDS	86400

/* What cannot be read now may be readable in a moment: a newer program may be taking over. */
static int wait_for_fence(const char *name, struct gate *g, struct err *e)
{
	u64 end = now_msec() + FENCE_MSEC;

	for (;;) {
		int r = gate_look(name, g, e);

		if (r == 0 && g->state != GATE_LACKING)
			return 0;
		if (now_msec() >= end)
			return r;
		usleep(PAUSE_USEC);
	}
}

/* Why, whether anybody is there who could mend it, and what to do next. */
static int refuse(const char *name, const struct gate *g, struct err *e)
{
	char unit[4 * FENCE_NAME_MAX + 6];
	struct err no_bpffs;

	if (pins_mounted(&no_bpffs))
		return err_set(e, EXIT_NOT_ENFORCED, "not fenced by %s: %.400s", name,
			       no_bpffs.text);
	cgroup_escape(name, unit, sizeof(unit));
	if (g->state == GATE_ELSEWHERE)
		return err_set(e, EXIT_NOT_ENFORCED, "not fenced by %s: %s", name, g->why);
	if (pins_busy(name))
		return err_set(
			e, EXIT_NOT_ENFORCED,
			"not fenced by %s: %.400s; its daemon is alive and did not mend it in "
			"%d seconds: see journalctl -u 'wgfence@%s.service'",
			name, g->why, FENCE_MSEC / 1000, unit);
	return err_set(e, EXIT_NOT_ENFORCED,
		       "not fenced by %s: %.400s; no daemon is at work on it: systemctl start "
		       "'wgfence@%s.service'",
		       name, g->why, unit);
}

static int judge(const struct options *o, const struct gate *g, struct err *e)
{
	if (g->state != GATE_FENCED)
		return refuse(o->name, g, e);
	if (g->standing.policy.mode == WGF_ENFORCE || o->given & OPT(OPT_ALLOW_AUDIT))
		return 0;
	return err_set(e, EXIT_NOT_ENFORCED,
		       "fence %s is in audit mode and drops nothing: set mode = enforce in its "
		       "configuration and reload it, or call ready with --allow-audit",
		       o->name);
}

static int tunnel_seconds(const struct options *o, unsigned *ret, struct err *e)
{
	const char *text = o->value[OPT_TUNNEL];

	*ret = DEFAULT_SECONDS;
	return !text || (decimal_parse(text, MAX_SECONDS, ret) && *ret > 0)
		       ? 0
		       : err_set(e, EXIT_MISUSE,
				 "--tunnel: found `%s`; would be right: 1 to %d seconds", text,
				 MAX_SECONDS);
}

/* The fence is looked at again each time, so that it holds at the last moment, too. */
static int wait_for_tunnel(const struct options *o, unsigned seconds, struct gate *g, struct err *e)
{
	struct tunnel_look look = {.asked_msec = 0};
	u64 end = now_msec() + (u64)seconds * 1000;
	int r;

	for (;;) {
		r = tunnel_look(&g->standing.policy, now_msec(), &look, e);
		if (r == 0 && look.ready)
			break;
		if (now_msec() >= end)
			return r ? -1
				 : err_set(e, EXIT_NOT_ENFORCED,
					   "fenced by %s, but the tunnel is not ready after %u "
					   "seconds: %s",
					   o->name, seconds, look.lacks);
		usleep(TUNNEL_USEC);
		if (wait_for_fence(o->name, g, e) || judge(o, g, e))
			return -1;
	}
	printf("tunnel %s\n", look.what);
	return 0;
}

int cmd_ready(const struct options *o, struct err *e)
{
	static struct gate g; /* too large for comfort on the stack */
	unsigned seconds;

	if (tunnel_seconds(o, &seconds, e))
		return (int)e->code;
	if (geteuid() != 0) {
		err_set(e, EXIT_FAILED,
			"only root can ask the kernel: ExecStartPre=+ has a plus sign");
		return (int)e->code;
	}
	if (wait_for_fence(o->name, &g, e) || judge(o, &g, e) ||
	    (o->given & OPT(OPT_TUNNEL) && wait_for_tunnel(o, seconds, &g, e)))
		return (int)e->code;
	e->text[0] = '\0';
	printf("fenced by %s on %s%s\n", o->name, g.path,
	       g.standing.policy.mode == WGF_AUDIT ? " in audit mode: it drops nothing" : "");
	return EXIT_FINE;
}
