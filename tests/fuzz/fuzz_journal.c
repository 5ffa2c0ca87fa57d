// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of the journal under libFuzzer, which everybody on the host may have written.
 *
 * Owns: what must hold of them for every input: what is taken for an event is written as a line and
 * read again as the same, and no byte of it reaches a terminal that is no printable ASCII.
 *
 * An input is fields as the journal has them, KEY=VALUE, a line each.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_journal.h"
#include "event_parse.h"
#include "must.h"

#define TEXT_MAX 1024
#define VALUE	 256

struct entry {
	const char *text;
	char value[VALUE];
};

/* The first that has the key, as sd_journal_get_data(3) has it; too long is as good as none. */
static const char *field(const char *key, void *context)
{
	struct entry *e = context;
	size_t len = strlen(key);

	e->value[0] = '\0';
	for (const char *line = e->text; *line;
	     line += strcspn(line, "\n"), line += *line == '\n') {
		size_t whole = strcspn(line, "\n");

		if (whole <= len || strncmp(line, key, len) != 0 || line[len] != '=')
			continue;
		if (whole - len - 1 < VALUE)
			snprintf(e->value, VALUE, "%.*s", (int)(whole - len - 1), line + len + 1);
		break;
	}
	return e->value;
}

static void check_event(const struct told *t)
{
	char line[EVENT_LINE], again[EVENT_LINE], text[TEXT_MAX] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct event_line l;
	size_t len = event_json_line(t, line);

	MUST(is_line(line));
	MUST(event_parse(line, len - 1, &l) == LINE_EVENT);
	MUST(event_json_line(&l.told, again) == len);
	MUST(memcmp(again, line, len) == 0);
	MUST(out);
	event_text(out, t, false);
	fclose(out);
	MUST(is_line(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct entry e = {.text = text};
	struct told t;

	MUST(text);
	if (event_from_fields(field, &e, (struct timespec){1795000000, 123456000}, &t))
		check_event(&t);
	free(text);
	return 0;
}
