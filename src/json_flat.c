// SPDX-License-Identifier: GPL-2.0-only
/*
 * One flat JSON object, read strictly.
 *
 * Owns: the scanner. Each function takes what it is named after from the front of the text, and
 * returns false where it is not there.
 */
#include "json_flat.h"

#include <string.h>

struct scan {
	const char *at, *end;
};

static bool take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool take_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
		return false;
	s->at += len;
	return true;
}

/* As json_string() writes it: in small letters. */
static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind the backslash. */
static bool take_escape(struct scan *s, char *ret)
{
	int high, low;

	if (take(s, '"') || take(s, '\\')) {
		*ret = s->at[-1];
		return true;
	}
	if (!take_word(s, "u00") || s->end - s->at < 2)
		return false;
	high = hex_digit(s->at[0]);
	low = hex_digit(s->at[1]);
	if (high < 0 || low < 0 || high + low == 0)
		return false;
	s->at += 2;
	*ret = (char)(high << 4 | low);
	return true;
}

static bool take_string(struct scan *s, char text[FLAT_TEXT])
{
	size_t n = 0;

	if (!take(s, '"'))
		return false;
	while (!take(s, '"')) {
		char c;

		if (s->at == s->end || n == FLAT_TEXT - 1)
			return false;
		c = *s->at++;
		if (c == '\\' && !take_escape(s, &c))
			return false;
		if (s->at[-1] < 0x20 || s->at[-1] > 0x7e)
			return false;
		text[n++] = c;
	}
	text[n] = '\0';
	return true;
}

static bool take_key(struct scan *s, char key[FLAT_KEY])
{
	size_t n = 0;

	if (!take(s, '"'))
		return false;
	while (s->at < s->end && (*s->at == '_' || (*s->at >= 'a' && *s->at <= 'z'))) {
		if (n == FLAT_KEY - 1)
			return false;
		key[n++] = *s->at++;
	}
	key[n] = '\0';
	return n > 0 && take_word(s, "\":");
}

static bool take_number(struct scan *s, u64 *ret)
{
	const char *first = s->at;
	u64 n = 0;

	for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (u64)(*s->at - '0'), &n))
			return false;
	*ret = n;
	return s->at == first + 1 || (s->at > first && *first != '0');
}

static bool take_value(struct scan *s, struct flat *p)
{
	p->text[0] = '\0';
	p->number = 0;
	if (s->at == s->end)
		return false;
	switch (*s->at) {
	case '"':
		p->kind = FLAT_STRING;
		return take_string(s, p->text);
	case 'n':
		p->kind = FLAT_NULL;
		return take_word(s, "null");
	case 't':
		p->kind = FLAT_BOOL;
		p->number = 1;
		return take_word(s, "true");
	case 'f':
		p->kind = FLAT_BOOL;
		return take_word(s, "false");
	default:
		p->kind = FLAT_NUMBER;
		return take_number(s, &p->number);
	}
}

bool flat_each(const char *text, size_t len, bool (*pair)(const struct flat *p, void *context),
	       void *context)
{
	struct scan s = {text, text + len};
	struct flat p;

	if (!take(&s, '{'))
		return false;
	do {
		if (!take_key(&s, p.key) || !take_value(&s, &p) || !pair(&p, context))
			return false;
	} while (take(&s, ','));
	return take(&s, '}') && s.at == s.end;
}
