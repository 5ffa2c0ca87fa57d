// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cmd.h"
#include "metrics_read.h"

int cmd_metrics(const struct options *o, struct err *e)
{
	static struct metrics_reading r; /* too large for comfort on the stack */
	static struct config c;		 /* only asked for the tunnel's name */
	struct err ignored;

	if (options_config(o, &c, &ignored))
		c.tunnel[0] = '\0';
	if (metrics_read(o->name, c.tunnel, &r, e))
		return (int)e->code;
	metrics_print(stdout, &r.metrics, 1);
	return EXIT_FINE;
}
