// SPDX-License-Identifier: GPL-2.0-only
/* run: the daemon. */
#include "cmd.h"
#include "cmd_attach.h"
#include "daemon.h"
#include "load.h"

int cmd_run(const struct options *o, struct err *e)
{
	static struct config c;

	if (o->given & OPT(OPT_DRY_RUN))
		return attach_dry_run(o, e);
	if (o->given & OPT(OPT_LOG))
		load_show_log();
	if (options_config(o, &c, e))
		return (int)e->code;
	return daemon_run(o, &c, e);
}
