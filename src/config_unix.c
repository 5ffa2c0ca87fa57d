// SPDX-License-Identifier: GPL-2.0-only
/*
 * unix = on|off, and the names of [unix].
 *
 * Owns: what they may be. Must never take two spellings for one name: the kernel's programs compare
 * what a caller writes byte by byte.
 */
#include <string.h>

#include "config_parser.h"
#include "unix_text.h"

int read_unix(struct parser *p, char *value)
{
	bool off = strcmp(value, "off") == 0;

	if (!off && strcmp(value, "on") != 0)
		return refuse(p, "found \"%s\", on or off would be right", SHOW(value));
	p->c->unix_off = off;
	return 0;
}

/* Of two bytes at least, and without a NUL in it. */
static bool is_path(const struct wgf_name *name)
{
	return name->bytes[0] == '/' && strnlen(name->bytes, sizeof(name->bytes)) == name->len;
}

static int read_name(struct parser *p, const char *word)
{
	char path[WGF_NAME_BYTES + 1];
	struct config *c = p->c;
	struct wgf_name name;

	if ((*word != '/' && *word != '@') || !name_parse(word, &name) || name.len < 2 ||
	    (*word == '/' && !is_path(&name)))
		return refuse(p,
			      "found \"%s\", an absolute path of 2 to %d bytes, or @ and an "
			      "abstract name of 1 to %d, would be right",
			      SHOW(word), WGF_NAME_BYTES, WGF_NAME_BYTES - 1);
	memcpy(path, name.bytes, name.len);
	path[name.len] = '\0';
	if (*word == '/' && !path_is_plain(path))
		return refuse(p,
			      "found \"%s\", a path without \"//\", \".\", \"..\" or a slash at "
			      "its end would be right",
			      SHOW(word));
	for (unsigned i = 0; i < c->n_names; i++)
		if (memcmp(&c->names[i].name, &name, sizeof(name)) == 0)
			return refuse(p,
				      "found \"%s\", which line %u names already, once would be "
				      "right",
				      SHOW(word), c->names[i].line);
	if (c->n_names == WGF_MAX_NAMES)
		return refuse(p, "found name %d, at most %d would be right", WGF_MAX_NAMES + 1,
			      WGF_MAX_NAMES);
	c->names[c->n_names++] = (struct config_name){p->line, name};
	return 0;
}

int read_unix_names(struct parser *p, char *value)
{
	char *word;

	while ((word = word_next(&value)))
		if (read_name(p, word))
			return -1;
	return 0;
}
