// SPDX-License-Identifier: GPL-2.0-only
/* attach: one shot. Also the --dry-run that attach and run share. */
#include "cmd_attach.h"

#include <stdio.h>

#include "cmd.h"
#include "fence.h"
#include "policy_print.h"
#include "status_unix.h"

int attach_dry_run(const struct options *o, struct err *e)
{
	struct wgf_policy policy;
	struct inventory inv;
	struct config c;
	struct notes notes;

	if (options_config(o, &c, e) || inventory_read(&inv, e))
		return (int)e->code;
	policy_compile(&c, &inv, 0, 0, &policy, &notes);
	policy_print(stdout, &policy, &inv);
	unix_print(stdout, &c);
	notes_print(stdout, &notes, c.file);
	inventory_free(&inv);
	return notes_conflict(&notes) ? EXIT_MISUSE : EXIT_FINE;
}

void attach_tell(const struct fence *f, const struct notes *notes)
{
	notes_print(stderr, notes, f->config.file);
	printf("fence %s stands on %s%s\n", f->config.name, f->cgroup.path,
	       f->config.mode == WGF_AUDIT ? " in audit mode: it counts and drops nothing" : "");
	fflush(stdout);
}

void attach_guard(struct fence *f)
{
	struct err e;

	if (fence_guard(f, &e))
		fprintf(stderr, "wgfence: %s\n", e.text);
}

int cmd_attach(const struct options *o, struct err *e)
{
	struct config c;
	struct fence f;
	struct notes notes;
	int carried;

	if (o->given & OPT(OPT_DRY_RUN))
		return attach_dry_run(o, e);
	if (o->given & OPT(OPT_LOG))
		load_show_log();
	if (o->given & OPT(OPT_LIVE) && o->given & OPT(OPT_HERE)) {
		err_set(e, EXIT_MISUSE, "either --live or --here, not both");
		return (int)e->code;
	}
	if (o->given & OPT(OPT_LIVE))
		return attach_live(o, e);
	if (o->given & OPT(OPT_HERE))
		return attach_here(o, e);
	if (options_config(o, &c, e) || fence_attach(&c, &f, &notes, e))
		return (int)e->code;
	carried = fence_carry(&f, e);
	attach_guard(&f);
	attach_tell(&f, &notes);
	fence_close(&f);
	return carried ? (int)e->code : EXIT_FINE;
}
