// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach --live and attach --here: a fence on a unit that has no drop-in.
 *
 * Owns: the order of the steps, and what is said of what cannot be promised. The unit's drop-in
 * comes first: from then on no start of the unit is without a fence, whatever becomes of us.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "cmd_attach.h"
#include "gate.h"
#include "init_binary.h"
#include "init_live.h"
#include "init_unit.h"
#include "live.h"
#include "pins.h"
#include "sockets.h"

#define HERE_MSEC  5000 /* for a living daemon, which attaches to the new cgroup */
#define PAUSE_USEC 20000

static int read_config(const struct options *o, struct config *c, struct err *e)
{
	if (o->given & (OPT(OPT_CONFIG) | OPT(OPT_DRY_RUN)))
		return err_set(e, EXIT_MISUSE,
			       "--live and --here take the NAME of a file in " CONFIG_DIR
			       ", and neither --config nor --dry-run");
	if (geteuid() != 0)
		return err_set(e, EXIT_FAILED, "only root can put a fence in place");
	if (options_config(o, c, e))
		return -1;
	return *c->unit ? 0
			: err_set(e, EXIT_MISUSE,
				  "%s: --live and --here are for `unit =`; found `cgroup =`, which "
				  "wgfence attach %s takes as it is",
				  c->file, c->name);
}

/*
 * The last part of a unit's cgroup is its name, which may be another one than an alias. Anything
 * else, such as the session of who called this by hand, must not be fenced instead.
 */
static int check_name(const struct config *c, const char *path, struct err *e)
{
	return strcmp(strrchr(path, '/') + 1, c->unit) == 0
		       ? 0
		       : err_set(e, EXIT_MISUSE,
				 "%s: unit: found %s; would be right: the name of the last part "
				 "of %s, where this is to be fenced",
				 c->file, c->unit, path);
}

static int check_runs(const struct config *c, const struct unit *u, struct err *e)
{
	char slice[PATH_MAX];
	size_t len;

	if (!*u->control_group)
		return err_set(
			e, EXIT_MISUSE,
			"%s does not run, so there is nothing to fence live: wgfence init %s "
			"fences it from its start",
			u->id, u->id);
	cgroup_slice(c->name, slice, sizeof(slice));
	len = strlen(slice);
	return strncmp(u->control_group, slice, len) != 0 || u->control_group[len] != '/'
		       ? check_name(c, u->control_group, e)
		       : err_set(e, EXIT_MISUSE,
				 "%s runs in the fence's slice, %s: wgfence attach %s is enough",
				 u->id, slice, c->name);
}

/* Before anything is written: a daemon at work would read the record. */
static int refuse_busy(const struct config *c, struct err *e)
{
	return pins_busy(c->name)
		       ? err_set(e, EXIT_FAILED,
				 "another wgfence is at work on fence %s; end it first", c->name)
		       : 0;
}

/* Other drop-ins of the unit may take it back. */
static int check_dropin(const struct config *c, struct err *e)
{
	struct unit u;
	bool there;

	if (unit_read(c->unit, &u, e))
		return -1;
	there = unit_has_gate(&u, "--here", c->name);
	unit_free(&u);
	return there ? 0
		     : err_set(e, EXIT_FAILED,
			       "systemd does not take ExecStartPre= of the drop-in for %s: another "
			       "one takes it back (systemctl cat %s)",
			       c->unit, c->unit);
}

static int cover_restarts(const struct config *c, const struct unit *u, struct err *e)
{
	char binary[PATH_MAX];

	if (binary_own(binary, e) || binary_check(binary, e) ||
	    live_dropin_write("", u->id, c->name, binary, e) || unit_reload(e))
		return -1;
	return check_dropin(c, e);
}

/* Takes back what covered restarts, for a fence that does not stand. */
static void uncover(const char *name)
{
	struct err ignored;
	bool removed;

	live_remove(RUN_DIR, name, &ignored);
	if (live_dropins_remove("", name, &removed, &ignored) == 0 && removed)
		unit_reload(&ignored);
}

static void tell_limits(const struct fence *f, const struct unit *u)
{
	char escaped[4 * FENCE_NAME_MAX + 6];
	struct members m = {0};
	struct err ignored;

	cgroup_escape(f->config.name, escaped, sizeof(escaped));
	printf("restarts of %s are covered until the next boot\n\n"
	       "Not promised, since %s ran before the fence stood:\n"
	       "- what it has sent until now.\n",
	       u->id, u->id);
	if (members_count(f->cgroup.fd, &m, &ignored) == 0)
		printf("- its %u internet sockets (%u processes): their packets are judged from "
		       "now "
		       "on, but\n"
		       "  addresses they are bound to and groups they have joined are not undone,\n"
		       "  nor is a network namespace that they were made in; and they are not\n"
		       "  carried into the tunnel: what goes elsewhere is dropped.\n",
		       m.sockets, m.processes);
	if (u->exec_pre.n)
		printf("- what its own ExecStartPre= sends at a restart, before the gate "
		       "attaches.\n");
	printf("A restart ends the first ones:   systemctl restart '%s'\n"
	       "To follow the tunnel:            systemctl start 'wgfence@%s.service'\n"
	       "To make it last, with a sandbox: wgfence init '%s'\n",
	       u->id, escaped, u->id);
}

/* The fence holds without both, too, so it is not taken back, and the unit starts. */
static void carry(struct fence *f)
{
	struct err e;

	if (fence_carry(f, &e))
		fprintf(stderr, "wgfence: %s\n", e.text);
	attach_guard(f);
}

/*
 * Where the fence stands on another living cgroup its record must not move, and nothing be written.
 * `ret_here`: it stands on the unit's own.
 */
static int check_place(const struct config *c, const char *path, bool *ret_here, struct err *e)
{
	static struct standing s;
	static struct config at; /* both too large for comfort on the stack */
	struct cgroup cg;
	int r;

	at = (struct config){0};
	snprintf(at.cgroup, sizeof(at.cgroup), "%s", path);
	if (standing_read(c->name, &s, e) || cgroup_open(&at, &cg, e))
		return -1;
	*ret_here = s.cgroup_id == cg.id;
	r = links_check(c->name, &cg, e);
	cgroup_close(&cg);
	return r;
}

static int attach_to(struct config *c, const struct unit *u, struct err *e)
{
	struct notes notes;
	struct fence f;

	if (live_write(RUN_DIR, c->name, u->control_group, e) || fence_attach(c, &f, &notes, e))
		return -1;
	carry(&f);
	attach_tell(&f, &notes);
	tell_limits(&f, u);
	fence_close(&f);
	return 0;
}

/*
 * What failed leaves all as it was: a fence that stood live before keeps its record, and one that
 * stands here by now keeps its gate, as it does where that cannot be told.
 */
static void take_back(const struct config *c, const char *before, const struct unit *u)
{
	struct err ignored;
	bool here = false;

	if (*before)
		live_write(RUN_DIR, c->name, before, &ignored);
	else if (check_place(c, u->control_group, &here, &ignored) == 0 && !here)
		uncover(c->name);
}

int attach_live(const struct options *o, struct err *e)
{
	static struct config c;
	char before[PATH_MAX] = "";
	struct err ignored;
	struct unit u;
	bool here;
	int r;

	if (read_config(o, &c, e) || unit_read(c.unit, &u, e))
		return (int)e->code;
	live_read(RUN_DIR, c.name, before, sizeof(before), &ignored);
	r = check_runs(&c, &u, e) || refuse_busy(&c, e) ||
	    check_place(&c, u.control_group, &here, e);
	if (r == 0) {
		r = cover_restarts(&c, &u, e) || attach_to(&c, &u, e);
		if (r)
			take_back(&c, before, &u);
	}
	unit_free(&u);
	return r ? (int)e->code : EXIT_FINE;
}

/* Where systemd delegates, it runs ExecStartPre= in a cgroup of its own below the unit's. */
static void strip_control(char *path)
{
	static const char control[] = "/.control";
	size_t len = strlen(path);

	if (len > strlen(control) && strcmp(path + len - strlen(control), control) == 0)
		path[len - strlen(control)] = '\0';
}

static int attach_own(const struct config *c, const struct gate *g, struct err *e)
{
	char path[PATH_MAX];
	struct notes notes;
	struct fence f;

	snprintf(path, sizeof(path), "%s", g->path);
	strip_control(path);
	if (check_name(c, path, e) || live_write(RUN_DIR, c->name, path, e) ||
	    fence_attach(c, &f, &notes, e))
		return -1;
	carry(&f);
	attach_tell(&f, &notes);
	fence_close(&f);
	return 0;
}

static int refuse_here(const struct config *c, const struct gate *g, struct err *e)
{
	if (g->state == GATE_LACKING && pins_busy(c->name))
		err_set(e, EXIT_NOT_ENFORCED,
			"not fenced by %s: %.400s; its daemon is alive and did not mend it in %d "
			"seconds",
			c->name, g->why, HERE_MSEC / 1000);
	return (int)e->code;
}

/* A living daemon holds the lock, and attaches by itself once the cgroup is there. */
int attach_here(const struct options *o, struct err *e)
{
	u64 end = now_msec() + HERE_MSEC;
	static struct config c;
	static struct gate g; /* both too large for comfort on the stack */

	if (read_config(o, &c, e))
		return (int)e->code;
	for (;;) {
		int looked = gate_look(c.name, &g, e);
		bool busy = pins_busy(c.name);

		if (looked == 0 && g.state == GATE_FENCED) {
			printf("fence %s stands on %s\n", c.name, g.path);
			break;
		}
		/* The record must not move while the fence stands on another living cgroup. */
		if (looked == 0 && g.state == GATE_ELSEWHERE)
			return err_set(e, EXIT_NOT_ENFORCED, "not fenced by %s: %s", c.name, g.why),
			       (int)e->code;
		if (looked == 0 && !busy && attach_own(&c, &g, e) == 0)
			break;
		/* Who had the lock at either look may have ended by now. */
		if (now_msec() >= end || !(busy || pins_busy(c.name)))
			return refuse_here(&c, &g, e);
		usleep(PAUSE_USEC);
	}
	e->text[0] = '\0';
	return EXIT_FINE;
}
