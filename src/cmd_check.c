// SPDX-License-Identifier: GPL-2.0-only
/* check: is it as it should be? */
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "cmd.h"

/* In the order in which they are told. */
static void (*const areas[])(struct check *c) = {
	check_fence,  check_twins, check_calls, check_members, check_unit,     check_names,
	check_tunnel, check_route, check_tc,	check_filter,  check_redirect, check_kernel,
};

/* no-color.org */
static bool is_coloured(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no && *no);
}

int cmd_check(const struct options *o, struct err *e)
{
	static struct check c; /* too large for comfort on the stack */
	enum exit_code code;

	if (geteuid() != 0)
		return err_set(e, EXIT_FAILED, "only root can read the pins of a fence"),
		       (int)e->code;
	if (check_begin(o->name, o->value[OPT_CONFIG], &c, e))
		return (int)e->code;
	for (unsigned i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		areas[i](&c);
	if (o->given & OPT(OPT_JSON))
		report_json(stdout, &c.report, c.name);
	else
		report_people(stdout, &c.report, c.name, is_coloured(),
			      o->given & OPT(OPT_VERBOSE));
	code = report_code(&c.report);
	check_end(&c);
	return (int)code;
}
