// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <unistd.h>

#include "cmd.h"
#include "detach.h"
#include "guard.h"
#include "init_live.h"
#include "init_unit.h"
#include "live.h"
#include "pins.h"
#include "resolver.h"
#include "textfile.h"
#include "textfile_former.h"

/* Else the next start of a unit that was fenced live would put the fence in place again. */
static int end_live(const char *name, bool *ret_removed, struct err *e)
{
	if (live_remove(RUN_DIR, name, e) || live_dropins_remove("", name, ret_removed, e))
		return -1;
	return *ret_removed ? unit_reload(e) : 0;
}

/* What nobody vouches for any more, where it was written last and where it would be next. */
static int end_metrics(const struct options *o, struct err *e)
{
	static struct config c; /* large */
	char former[PATH_MAX];
	struct err ignored;

	textfile_former(RUN_DIR, o->name, former);
	if (former[0] && textfile_remove(former, o->name, e))
		return -1;
	if (options_config(o, &c, &ignored) == 0 && c.metrics.directory[0] &&
	    textfile_remove(c.metrics.directory, c.name, e))
		return -1;
	return textfile_moved(RUN_DIR, o->name, "", e);
}

/*
 * An attach --live that was killed leaves a gate, and no fence; pins that were removed by hand
 * leave the guard on the interfaces, and files. Without bpffs nobody knows that there is no fence:
 * then all of it stays.
 */
static int end_remains(const struct options *o, struct err *e)
{
	const char *name = o->name;
	bool removed = false;
	struct err why;

	if (geteuid() != 0 || pins_mounted(&why))
		return (int)e->code;
	if (guard_end(name, &why))
		return err_set(e, why.code, "no fence named %s stands; its guard: %.900s", name,
			       why.text),
		       (int)e->code;
	if (end_live(name, &removed, &why) || resolver_remove(RUN_DIR, name, &why) ||
	    end_metrics(o, &why))
		return err_set(e, why.code, "no fence named %s stands; %.900s", name, why.text),
		       (int)e->code;
	if (removed)
		printf("the gate of fence %s is taken away: its unit starts without one now\n",
		       name);
	return (int)e->code;
}

int cmd_detach(const struct options *o, struct err *e)
{
	struct members m;
	struct err left;
	bool removed;

	if (detach(o->name, o->given & OPT(OPT_FORCE), &m, &left, e))
		return pins_exist(o->name) ? (int)e->code : end_remains(o, e);
	*e = (struct err){0};
	printf("fence %s is taken down: as far as it goes, what runs in its cgroup may use every "
	       "interface now (%u processes, %u sockets)\n",
	       o->name, m.processes, m.sockets + m.orphans);
	if (left.text[0])
		fprintf(stderr,
			"wgfence: its rules and routes may be there still, and its guard where it "
			"is a filter, see ip rule and tc filter: %s\n",
			left.text);
	if (end_live(o->name, &removed, e) || resolver_remove(RUN_DIR, o->name, e) ||
	    end_metrics(o, e))
		return (int)e->code;
	return EXIT_FINE;
}
