// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration's parser.
 *
 * Owns: sections and keys in the order of the file: which are known, which repeat, which value goes
 * to which reader. Pure. Must never hand out half of a configuration: *ret is written last.
 */
#include <stdio.h>
#include <string.h>

#include "config_parser.h"

static int open_section(struct parser *p, const char *name, enum config_section *ret)
{
	for (enum config_section s = 0; s < N_SECTIONS; s++) {
		if (strcmp(name, config_sections[s]) != 0)
			continue;
		if (p->section[s])
			return refuse(p,
				      "found [%s] again, one section (line %u has it) would be "
				      "right",
				      name, p->section[s]);
		p->section[s] = p->line;
		*ret = s;
		return 0;
	}
	for (enum config_section s = 0; s < N_SECTIONS; s++)
		if (resembles(name, config_sections[s]))
			return refuse(p, "found [%s], which is no section, [%s] would be right",
				      SHOW(name), config_sections[s]);
	return refuse(p,
		      "found [%s], which is no section, [fence], [webui], [dns], [rules], "
		      "[route], [unix] or [metrics] would be right",
		      SHOW(name));
}

/* "unit, cgroup, tunnel, mode, route or unix" */
static const char *list_keys(enum config_section section, char *buf, size_t size)
{
	unsigned left = 0;

	for (unsigned k = 0; k < N_KEYS; k++)
		left += config_keys[k].section == section;
	buf[0] = '\0';
	for (unsigned k = 0; k < N_KEYS; k++) {
		size_t n = strlen(buf);

		if (config_keys[k].section == section)
			snprintf(buf + n, size - n, "%s%s", config_keys[k].name,
				 --left > 1 ? ", "
				 : left	    ? " or "
					    : "");
	}
	return buf;
}

/* N_KEYS where refused. */
static enum config_key find_key(const struct parser *p, enum config_section section)
{
	const char *name = p->key, *in = config_sections[section];
	char list[64];

	for (enum config_key k = 0; k < N_KEYS; k++)
		if (config_keys[k].section == section && strcmp(name, config_keys[k].name) == 0)
			return k;
	for (enum config_key k = 0; k < N_KEYS; k++)
		if (config_keys[k].section == section && resembles(name, config_keys[k].name)) {
			refuse(p, "found a key that [%s] does not have, %s would be right", in,
			       config_keys[k].name);
			return N_KEYS;
		}
	refuse(p, "found a key that [%s] does not have, %s would be right", in,
	       list_keys(section, list, sizeof(list)));
	return N_KEYS;
}

/* No value has a word that starts so, and 8080 would not be what "8080 # not 80" means. */
static const char *comment_in(const char *value)
{
	for (const char *mark = value; (mark = strpbrk(mark, "#;")); mark++)
		if (mark == value || mark[-1] == ' ' || mark[-1] == '\t')
			return mark;
	return NULL;
}

static int set_key(struct parser *p, enum config_section section, char *value)
{
	const char *comment = comment_in(value);
	enum config_key key;

	if (section == N_SECTIONS)
		return refuse(p, "found outside of any section, a section such as [fence] above "
				 "would be right");
	key = find_key(p, section);
	if (key == N_KEYS)
		return -1;
	if (p->set[key] && !config_keys[key].repeats)
		return refuse(p, "found again, once (line %u has it) would be right", p->set[key]);
	if (!*value)
		return refuse(p, "found no value, one behind the \"=\" (or no such line) would be "
				 "right");
	if (comment)
		return refuse(p,
			      "found \"%s\" behind the value, a comment on a line of its own "
			      "would be right",
			      SHOW(comment));
	if (!p->set[key])
		p->set[key] = p->line;
	return config_keys[key].read(p, value);
}

static int read_all(struct parser *p, struct lines *l)
{
	enum config_section section = N_SECTIONS;

	for (;;) {
		if (lines_next(l, p))
			return -1;
		if (l->kind == LINE_NONE)
			return 0;
		if (l->kind == LINE_SECTION) {
			if (open_section(p, l->name, &section))
				return -1;
			continue;
		}
		p->key = l->name;
		if (set_key(p, section, l->value))
			return -1;
		p->key = NULL;
	}
}

int config_parse(const char *text, size_t len, const char *file, const char *name,
		 struct config *ret, struct err *e)
{
	struct config c = {0};
	struct parser p = {.file = file, .e = e, .c = &c};
	struct lines l = {.at = text, .end = text + len};

	if (!fence_name_valid(name))
		return refuse(&p,
			      "found the name \"%s\" for a fence, 1 to %d of [A-Za-z0-9_@:-] "
			      "(and .conf behind) would be right",
			      SHOW(name), FENCE_NAME_MAX);
	if (len > CONFIG_MAX)
		return refuse(&p, "found more than %d bytes, a shorter file would be right",
			      CONFIG_MAX);
	snprintf(c.file, sizeof(c.file), "%s", file);
	snprintf(c.name, sizeof(c.name), "%s", name);
	if (read_all(&p, &l) || config_check(&p))
		return -1;
	*ret = c;
	return 0;
}
