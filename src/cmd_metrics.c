// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cmd.h"
#include "inventory.h"
#include "load_unix.h"
#include "metrics.h"
#include "standing.h"

int cmd_metrics(const struct options *o, struct err *e)
{
	struct standing s;
	struct inventory inv;
	struct metrics m = {.fence = o->name, .counters = &s.counters};
	struct config c;
	struct err ignored; /* of the configuration, which is only asked for the tunnel's name, and
			       hooks */

	if (standing_read(o->name, &s, e) || inventory_read(&inv, e))
		return (int)e->code;
	m.enforced = standing_enforced(&s);
	m.unix_hooks = unix_hooks(&ignored) > 0;
	if (s.policy.names[0][0])
		m.tunnel_up = inventory_tunnel_up(&inv, s.policy.names[0]);
	else if (options_config(o, &c, &ignored) == 0)
		m.tunnel_up = inventory_tunnel_up(&inv, c.tunnel);
	inventory_free(&inv);
	metrics_print(stdout, &m, 1);
	return EXIT_FINE;
}
