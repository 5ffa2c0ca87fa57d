// SPDX-License-Identifier: GPL-2.0-only
/*
 * The messages of the configuration's parser.
 *
 * Owns: the form "file:line: key: what was found, what would be right", and how input is quoted in
 * it. Must never copy a byte of input into a message unseen: a file full of escape sequences would
 * otherwise write to the terminal of whoever reads the message.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config_parser.h"
#include "near.h"

#define SHOW_MAX 48U /* bytes of input that are shown */

_Static_assert((size_t)SHOW_MAX * 4 + sizeof("...") <= SHOW_TEXT, "every byte may need four");

const char *show(const char *text, char out[SHOW_TEXT])
{
	char *at = out;

	for (unsigned i = 0; text[i]; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (i == SHOW_MAX) {
			at = stpcpy(at, "...");
			break;
		}
		if (byte >= 0x20 && byte < 0x7f)
			*at++ = (char)byte;
		else
			at += sprintf(at, "\\x%02x", byte);
	}
	*at = '\0';
	return out;
}

int refuse(const struct parser *p, const char *format, ...)
{
	char what[sizeof(p->e->text)], line[16] = "";
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (p->line)
		snprintf(line, sizeof(line), ":%u", p->line);
	/* Half of the room for the file: a path that fills it would leave no message. */
	return err_set(p->e, EXIT_MISUSE, "%.*s%s: %s%s%s", (int)sizeof(p->e->text) / 2, p->file,
		       line, p->key ? SHOW(p->key) : "", p->key ? ": " : "", what);
}

bool resembles(const char *word, const char *known)
{
	return near_distance(word, strlen(word), known) <= strlen(known) / 2;
}
