// SPDX-License-Identifier: GPL-2.0-only
#include "unix_text.h"

#include <stdio.h>
#include <string.h>

const char *name_print(const char *tail, size_t n, size_t len, char out[NAME_TEXT])
{
	char *at = n < len ? stpcpy(out, "...") : out;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)tail[i];
		bool first = i == 0 && n == len;

		if (first && c == '\0')
			*at++ = '@';
		else if (c <= ' ' || c > '~' || c == '\\' || (first && c == '@'))
			at += sprintf(at, "\\x%02x", c);
		else
			*at++ = (char)c;
	}
	*at = '\0';
	return out;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* How many bytes, at most `max`; -1 where there are more, or a backslash is not of ours. */
static int take_bytes(const char *text, char *ret, size_t max)
{
	size_t n = 0;

	for (; *text; text++, n++) {
		int high, low;

		if (n == max)
			return -1;
		ret[n] = *text;
		if (*text != '\\')
			continue;
		if (text[1] != 'x')
			return -1;
		high = hex_digit(text[2]);
		low = high < 0 ? -1 : hex_digit(text[3]);
		if (low < 0)
			return -1;
		ret[n] = (char)(high << 4 | low);
		text += 3;
	}
	return (int)n;
}

bool name_parse(const char *text, struct wgf_name *ret)
{
	struct wgf_name name = {.len = 0};
	int n = take_bytes(text, name.bytes, sizeof(name.bytes));

	if (n < 1)
		return false;
	if (*text == '@')
		name.bytes[0] = '\0';
	name.len = (u32)n;
	*ret = name;
	return true;
}

bool name_parse_tail(const char *text, size_t n, size_t len, char *ret)
{
	char again[NAME_TEXT], bytes[WGF_NAME_BYTES] = {0};
	bool cut = n < len;

	if (n > sizeof(bytes) || (cut && strncmp(text, "...", 3) != 0) ||
	    take_bytes(cut ? text + 3 : text, bytes, sizeof(bytes)) != (int)n)
		return false;
	if (!cut && *text == '@')
		bytes[0] = '\0';
	memcpy(ret, bytes, n);
	return strcmp(name_print(bytes, n, len, again), text) == 0;
}
