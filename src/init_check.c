// SPDX-License-Identifier: GPL-2.0-only
#include "init_check.h"

#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "init_render.h"

static int compile(const struct findings *f, const struct inventory *inv, struct notes *notes,
		   struct err *e)
{
	char *text = render_config(f, e);
	struct wgf_policy policy;
	struct config c;
	int r;

	if (!text)
		return -1;
	r = config_parse(text, strlen(text), f->name, f->name, &c, e);
	free(text);
	if (r == 0)
		policy_compile(&c, inv, 0, 0, &policy, notes);
	return r;
}

int check_findings(struct findings *f, const struct inventory *inv, struct err *e)
{
	struct notes notes;

	if (compile(f, inv, &notes, e))
		return -1;
	if (notes_conflict(&notes) && f->servers.n) {
		list_free(&f->servers);
		if (list_add(&f->notes, e,
			     "DNS= of %s lies in a network that the WebUI would answer, so it is "
			     "no resolver of the tunnel: it is left out, and the unit will find no "
			     "name "
			     "until [dns] has another server.",
			     f->servers_from) ||
		    compile(f, inv, &notes, e))
			return -1;
	}
	return notes_conflict(&notes) ? err_set(e, EXIT_MISUSE,
						"what was found contradicts itself (%s): write the "
						"configuration by "
						"hand, wgfence.conf(5)",
						notes_conflict(&notes)->text)
				      : 0;
}
