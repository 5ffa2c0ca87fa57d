// SPDX-License-Identifier: GPL-2.0-only
#include "status_unix.h"

#include "load_unix.h"
#include "unix_text.h"

#define OFF "off: members may ask programs outside\n"

static void head(FILE *out, unsigned i)
{
	fprintf(out, "%-10s  ", i == 0 ? "unix" : "");
}

int unix_look(const char *fence, const struct config *c, struct unix_view *ret, struct err *e)
{
	struct err ignored;

	ret->wanted = c ? !c->unix_off : -1;
	ret->hooks = unix_hooks(&ignored);
	return names_read(fence, &ret->names, e);
}

static void print_names(FILE *out, const struct names *names)
{
	char text[NAME_TEXT];

	for (unsigned i = 0; i < names->n; i++) {
		const struct config_name *n = &names->name[i];

		head(out, i);
		fputs(name_print(n->name.bytes, n->name.len, n->name.len, text), out);
		if (n->line)
			fprintf(out, " (line %u)\n", n->line);
		else
			fputs(" (always)\n", out);
	}
}

void unix_people(FILE *out, const struct unix_view *v, const struct standing *s)
{
	char text[160];

	if (s->unix_held) {
		print_names(out, &v->names);
		return;
	}
	head(out, 0);
	if (v->wanted == 0) {
		fputs(OFF, out);
	} else if (v->hooks == 0) {
		unix_hooks_missing(text, sizeof(text));
		fprintf(out, "%s\n", text);
	} else {
		fputs("NOT held back: `wgfence run` or `wgfence attach` would do it\n", out);
	}
}

void unix_json(FILE *out, const struct unix_view *v, const struct standing *s)
{
	fprintf(out, "  \"unix\": {\"on\": %s, \"enforced\": %s},\n",
		v->wanted < 0 ? "null"
		: v->wanted   ? "true"
			      : "false",
		s->unix_held && standing_enforced(s) ? "true" : "false");
}

void unix_print(FILE *out, const struct config *c)
{
	struct names names;

	if (c->unix_off) {
		head(out, 0);
		fputs(OFF, out);
		return;
	}
	names_of_config(c, &names);
	print_names(out, &names);
}
