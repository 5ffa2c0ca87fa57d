// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of a configuration.
 *
 * Owns: what is text at all, and what shape a line has: blank, comment, [section], key = value.
 * Must never know a section or a key by name.
 */
#include <string.h>

#include "config_parser.h"

#define BLANKS " \t"

/*
 * How many bytes the UTF-8 character at `s` takes; 0 where it is none. Overlong forms, surrogates
 * and the control characters of Latin-1 (U+0080 to U+009F) are none.
 */
static unsigned utf8_length(const unsigned char *s, size_t len)
{
	static const struct {
		unsigned char mask, lead;
		unsigned least;
	} forms[] = {
		{0x80, 0x00, 0}, {0xe0, 0xc0, 0xa0}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

	for (unsigned n = 1; n <= 4; n++) {
		unsigned point = s[0] & ~forms[n - 1].mask & 0xffu;

		if ((s[0] & forms[n - 1].mask) != forms[n - 1].lead)
			continue;
		if (n > len)
			return 0;
		for (unsigned i = 1; i < n; i++) {
			if ((s[i] & 0xc0) != 0x80)
				return 0;
			point = point << 6 | (s[i] & 0x3f);
		}
		if (point < forms[n - 1].least || point > 0x10ffff || (point & ~0x7ffu) == 0xd800)
			return 0;
		return n;
	}
	return 0;
}

static int check_bytes(const struct parser *p, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;

	for (size_t i = 0, n; i < len; i += n) {
		if (s[i] == '\r')
			return refuse(p, "found a carriage return (\\x0d), lines that end with a "
					 "newline alone would be right");
		if ((s[i] < 0x20 && s[i] != '\t') || s[i] == 0x7f)
			return refuse(p,
				      "found the control byte \\x%02x, plain text would be right",
				      s[i]);
		n = utf8_length(s + i, len - i);
		if (!n)
			return refuse(p,
				      "found the byte \\x%02x, which is not UTF-8, plain text "
				      "would be right",
				      s[i]);
	}
	return 0;
}

/* Without the blanks at both ends, ended in place. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, BLANKS);
	len = strlen(text);
	while (len && strchr(BLANKS, text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

char *word_next(char **rest)
{
	char *word = *rest + strspn(*rest, BLANKS);

	if (!*word)
		return NULL;
	*rest = word + strcspn(word, BLANKS);
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

/* Copies the next line into l->text, without its newline. */
static int take_line(struct lines *l, struct parser *p)
{
	const char *newline = memchr(l->at, '\n', (size_t)(l->end - l->at));
	const char *end = newline ? newline : l->end;
	size_t len = (size_t)(end - l->at);

	p->line++;
	if (len > CONFIG_LINE_MAX)
		return refuse(p, "the line is %zu bytes long, at most %d would be right", len,
			      CONFIG_LINE_MAX);
	if (check_bytes(p, l->at, len))
		return -1;
	memcpy(l->text, l->at, len);
	l->text[len] = '\0';
	l->at = newline ? newline + 1 : l->end;
	return 0;
}

static int take_section(struct lines *l, const struct parser *p, char *line)
{
	char *close = strchr(line, ']');

	if (!close)
		return refuse(p, "found \"%s\" without its \"]\", [SECTION] would be right",
			      SHOW(line));
	if (close[1])
		return refuse(p,
			      "found \"%s\" behind the section, nothing would be right (a "
			      "comment is a line of its own)",
			      SHOW(trim(close + 1)));
	*close = '\0';
	l->kind = LINE_SECTION;
	l->name = trim(line + 1);
	return 0;
}

static int take_key(struct lines *l, const struct parser *p, char *line)
{
	char *equals = strchr(line, '=');

	if (!equals || equals == line)
		return refuse(p, "found \"%s\", KEY = VALUE would be right", SHOW(line));
	*equals = '\0';
	l->kind = LINE_KEY;
	l->name = trim(line);
	l->value = trim(equals + 1);
	return 0;
}

int lines_next(struct lines *l, struct parser *p)
{
	while (l->at < l->end) {
		char *line;

		if (take_line(l, p))
			return -1;
		line = trim(l->text);
		if (*line == '[')
			return take_section(l, p, line);
		if (*line && *line != '#' && *line != ';')
			return take_key(l, p, line);
	}
	l->kind = LINE_NONE;
	return 0;
}
