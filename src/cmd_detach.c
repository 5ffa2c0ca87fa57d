// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cmd.h"
#include "detach.h"

int cmd_detach(const struct options *o, struct err *e)
{
	struct members m;

	if (detach(o->name, o->given & OPT(OPT_FORCE), &m, e))
		return (int)e->code;
	*e = (struct err){0};
	printf("fence %s is taken down: as far as it goes, what runs in its cgroup may use every "
	       "interface now (%u processes, %u sockets)\n",
	       o->name, m.processes, m.sockets + m.orphans);
	return EXIT_FINE;
}
