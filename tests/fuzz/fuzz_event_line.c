// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event line's parser under libFuzzer.
 *
 * Owns: what must hold of it for every input: what it takes for an event is written again and read
 * again as the same, and no byte of it reaches a terminal that is no printable ASCII. Aborts where
 * one is broken.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_parse.h"
#include "must.h"

#define TEXT_MAX 1024

static void check_text(const struct told *t)
{
	char text[TEXT_MAX] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	MUST(out);
	event_text(out, t, false);
	fclose(out);
	MUST(is_line(text));
}

static void check_event(const struct told *t)
{
	char line[EVENT_LINE], again[EVENT_LINE];
	struct event_line l;
	size_t len = event_json_line(t, line);

	MUST(is_line(line));
	MUST(event_parse(line, len - 1, &l) == LINE_EVENT);
	MUST(event_json_line(&l.told, again) == len);
	MUST(memcmp(again, line, len) == 0);
	MUST(l.told.time.tv_sec == t->time.tv_sec && l.told.time.tv_nsec == t->time.tv_nsec);
	MUST(l.told.event.reason == t->event.reason && l.told.event.count == t->event.count);
	check_text(t);
}

static void check_message(const char *message)
{
	char text[4 * FLAT_TEXT + 2] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	MUST(out);
	event_text_name(out, message, FLAT_TEXT);
	fputc('\n', out);
	fclose(out);
	MUST(is_line(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event_line l, again;
	enum line_type type = event_parse((const char *)data, size, &l);

	MUST(event_parse((const char *)data, size, &again) == type);
	if (type == LINE_EVENT)
		check_event(&l.told);
	if (type == LINE_HELLO || type == LINE_REFUSED)
		check_message(l.message);
	return 0;
}
