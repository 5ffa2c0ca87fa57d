// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <unistd.h>

#include "cmd.h"
#include "detach.h"
#include "init_live.h"
#include "init_unit.h"
#include "live.h"

/* Else the next start of a unit that was fenced live would put the fence in place again. */
static int end_live(const char *name, struct err *e)
{
	bool removed;

	if (live_remove(RUN_DIR, name, e) || live_dropins_remove("", name, &removed, e))
		return -1;
	return removed ? unit_reload(e) : 0;
}

int cmd_detach(const struct options *o, struct err *e)
{
	struct members m;

	if (detach(o->name, o->given & OPT(OPT_FORCE), &m, e)) {
		struct err ignored;

		/* An attach --live that was killed leaves a drop-in, and no fence. */
		if (e->code == EXIT_NOT_ENFORCED && geteuid() == 0)
			end_live(o->name, &ignored);
		return (int)e->code;
	}
	*e = (struct err){0};
	printf("fence %s is taken down: as far as it goes, what runs in its cgroup may use every "
	       "interface now (%u processes, %u sockets)\n",
	       o->name, m.processes, m.sockets + m.orphans);
	return end_live(o->name, e) ? (int)e->code : EXIT_FINE;
}
