// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel: which protections it has, and which it lacks. Most of what differs between kernels is
 * covered by another hook (docs/kernels.md) and no finding.
 */
#include <sys/utsname.h>

#include "check_parts.h"
#include "load_unix.h"

static void judge_unix(struct check *c)
{
	int has;
	struct err e;
	char text[256];

	if (c->standing.unix_held) {
		finding_add(&c->report, FINDING_FINE, "kernel.unix", NULL,
			    "unix sockets are held back by name");
		return;
	}
	has = unix_hooks(&e);
	if (has < 0) {
		finding_unseen(&c->report, "kernel.unix", &e);
	} else if (has == 0) {
		unix_hooks_missing(text, sizeof(text));
		finding_add(&c->report, FINDING_NOTICE, "kernel.unix",
			    "A helper outside that is asked over a unix socket may speak for the "
			    "service, where the unit's mounts do not hide it. A newer kernel holds "
			    "it.",
			    "%s", text);
	} else if (c->configured && c->config.unix_off) {
		finding_add(&c->report, FINDING_WARNING, "kernel.unix",
			    "A helper outside that is asked over a unix socket may speak for the "
			    "service.",
			    "unix = off, on a kernel that could hold unix sockets back");
		check_mend_config(c, "/^[[:blank:]]*unix[[:blank:]]*=[[:blank:]]*off/d");
	} else {
		finding_add(&c->report, FINDING_WARNING, "kernel.unix",
			    "A helper outside that is asked over a unix socket may speak for the "
			    "service.",
			    "unix sockets are not held back, on a kernel that could");
		check_mend_put_back(c);
	}
}

void check_kernel(struct check *c)
{
	struct utsname u;

	if (!c->standing.exists)
		return;
	uname(&u);
	finding_add(&c->report, FINDING_FINE, "kernel.release", NULL, "Linux %s", u.release);
	judge_unix(c);
}
