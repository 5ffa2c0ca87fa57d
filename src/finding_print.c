// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings on paper: for people, and as JSON.
 *
 * Owns: the lines, and the keys, which programs rely on.
 */
#include <string.h>

#include "finding.h"
#include "json.h"

#define WIDTH  96 /* of a line for people, where its words allow it */
#define INDENT 11

static const struct {
	const char *label, *title, *one, *many, *colour;
} words[N_SEVERITIES] = {
	[FINDING_FINE] = {"fine", "fine", "fine", "fine", "32"},
	[FINDING_NOTICE] = {"notice", "notice", "notice", "notices", "36"},
	[FINDING_WARNING] = {"warning", "warning", "warning", "warnings", "33"},
	[FINDING_BROKEN] = {"broken", "BROKEN", "broken", "broken", "1;31"},
};

static unsigned count(const struct report *all, enum severity severity)
{
	unsigned n = 0;

	for (unsigned i = 0; i < all->n; i++)
		n += all->v[i].severity == severity;
	return n;
}

static size_t area_len(const struct finding *f)
{
	return strcspn(f->kind, ".");
}

static bool same_area(const struct finding *a, const struct finding *b)
{
	return area_len(a) == area_len(b) && strncmp(a->kind, b->kind, area_len(a)) == 0;
}

/* Between words; a word that is longer than a line is left whole. */
static void print_wrapped(FILE *out, const char *text)
{
	size_t column = INDENT;

	while (*text) {
		size_t len = strcspn(text, " ");

		if (column > INDENT && column + 1 + len > WIDTH) {
			fprintf(out, "\n%*s", INDENT, "");
			column = INDENT;
		} else if (column > INDENT) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)len, text);
		column += len;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

/* A command is never broken: it is there to be copied. */
static void print_one(FILE *out, const struct finding *f, bool colour)
{
	const char *title = words[f->severity].title;

	if (colour)
		fprintf(out, "  \033[%sm%-*s\033[0m", words[f->severity].colour, INDENT - 2, title);
	else
		fprintf(out, "  %-*s", INDENT - 2, title);
	print_wrapped(out, f->what);
	if (f->severity == FINDING_FINE)
		return;
	if (f->why) {
		fprintf(out, "    %-*s", INDENT - 4, "why");
		print_wrapped(out, f->why);
	}
	if (f->mend)
		fprintf(out, "    %-*s%s\n", INDENT - 4, "mend", f->mend);
}

static void print_area(FILE *out, const struct report *all, const struct finding *first,
		       bool colour, bool fine)
{
	bool titled = false;

	for (const struct finding *f = first; f < all->v + all->n; f++) {
		if (!same_area(f, first) || (f->severity == FINDING_FINE && !fine))
			continue;
		if (!titled)
			fprintf(out, "\n%.*s\n", (int)area_len(f), f->kind);
		titled = true;
		print_one(out, f, colour);
	}
}

static bool seen_before(const struct report *all, const struct finding *f)
{
	for (const struct finding *b = all->v; b < f; b++)
		if (same_area(b, f))
			return true;
	return false;
}

void report_people(FILE *out, const struct report *all, const char *fence, bool colour, bool fine)
{
	const char *before = ": ";

	fprintf(out, "fence %s", fence);
	for (int s = N_SEVERITIES - 1; s >= 0; s--) {
		unsigned n = count(all, s);

		if (!n && s != FINDING_FINE)
			continue;
		fprintf(out, "%s%u %s", before, n, n == 1 ? words[s].one : words[s].many);
		before = ", ";
	}
	fputc('\n', out);
	if (all->lost)
		fprintf(out, "memory ended: more was found than is told here\n");
	for (const struct finding *f = all->v; f < all->v + all->n; f++)
		if (!seen_before(all, f))
			print_area(out, all, f, colour, fine);
}

static void json_pair(FILE *out, const char *key, const char *text)
{
	fprintf(out, ", \"%s\": ", key);
	if (text)
		json_string(out, text);
	else
		fprintf(out, "null");
}

void report_json(FILE *out, const struct report *all, const char *fence)
{
	fprintf(out, "{\n  \"fence\": ");
	json_string(out, fence);
	fprintf(out, ",\n  \"worst\": \"%s\"", words[report_worst(all)].label);
	for (int s = 0; s < N_SEVERITIES; s++)
		fprintf(out, ",\n  \"%s\": %u", words[s].label, count(all, s));
	fprintf(out, ",\n  \"complete\": %s,\n  \"findings\": [", all->lost ? "false" : "true");
	for (unsigned i = 0; i < all->n; i++) {
		const struct finding *f = &all->v[i];

		fprintf(out, "%s\n    {\"severity\": \"%s\"", i ? "," : "",
			words[f->severity].label);
		json_pair(out, "kind", f->kind);
		json_pair(out, "what", f->what);
		json_pair(out, "why", f->why);
		json_pair(out, "mend", f->mend);
		fprintf(out, "}");
	}
	fprintf(out, "%s]\n}\n", all->n ? "\n  " : "");
}
