// SPDX-License-Identifier: GPL-2.0-only
/*
 * qBittorrent's files: QSettings' INI, its bencoded resume data, its categories.
 *
 * Owns: taking single values out of them. Must never believe a length that stands in them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init_qbt.h"

#define PATH_SIZE 4096

/* Bytes that would end a line of a unit file or speak to a terminal; 0x80 and above are UTF-8. */
static bool is_clean(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Writes a code point as UTF-8, returns how many bytes; 0 where it is none that a path has. */
static size_t put_utf8(unsigned c, char *to)
{
	if (c < 0x80) {
		*to = (char)c;
		return c >= ' ';
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c > 0xffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*to++ = (char)(0xe0 | c >> 12);
	*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	*to = (char)(0x80 | (c & 0x3f));
	return 3;
}

/* QSettings: \xHHHH, \\, \", and quotes around what holds ';' ',' '=' or blanks at an end. */
static bool unescape(const char *from, size_t len, char *ret, size_t size)
{
	const char *end = from + len;
	size_t n = 0;

	while (from < end) {
		if (n + 4 >= size)
			return false;
		if (*from == '"') {
			from++;
		} else if (*from != '\\') {
			ret[n++] = *from++;
		} else if (end - from >= 3 && from[1] == 'x') {
			char hex[5] = {0}, *stop;
			size_t room = (size_t)(end - from - 2), put;

			memcpy(hex, from + 2, room < 4 ? room : 4);
			put = put_utf8((unsigned)strtoul(hex, &stop, 16), ret + n);
			if (stop == hex || !put)
				return false;
			n += put;
			from += 2 + (stop - hex);
		} else if (end - from >= 2 && strchr("\\\"", from[1])) {
			ret[n++] = from[1];
			from += 2;
		} else {
			return false;
		}
	}
	ret[n] = '\0';
	return true;
}

static bool is_section(const char *line, size_t len, const char *section)
{
	return len == strlen(section) + 2 && line[len - 1] == ']' &&
	       strncmp(line + 1, section, len - 2) == 0;
}

bool qbt_conf_value(const char *text, const char *section, const char *key, char *ret, size_t size)
{
	bool inside = false, found = false;
	size_t key_len = strlen(key);

	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n"), whole = len + (line[len] == '\n');

		if (len && line[len - 1] == '\r')
			len--;
		if (*line == '[')
			inside = is_section(line, len, section);
		else if (inside && len > key_len && strncmp(line, key, key_len) == 0 &&
			 line[key_len] == '=')
			found = unescape(line + key_len + 1, len - key_len - 1, ret, size) &&
				is_clean(ret);
		line += whole;
	}
	return found;
}

int qbt_add_path(const char *path, struct list *ret, struct err *e)
{
	size_t len = strlen(path);

	if (*path != '/' || !path[1] || !is_clean(path) || strstr(path, "/../") ||
	    (len >= 3 && strcmp(path + len - 3, "/..") == 0))
		return 0;
	return list_add_new(ret, path, e);
}

/* KEY is bencoded with its length, "12:qBt-savePath"; what follows is LENGTH:BYTES. */
static int resume_key(const char *data, size_t len, const char *key, struct list *ret,
		      struct err *e)
{
	const char *at = memmem(data, len, key, strlen(key)), *end = data + len;
	size_t n = 0;
	char path[PATH_SIZE];

	if (!at)
		return 0;
	for (at += strlen(key); at < end && *at >= '0' && *at <= '9' && n < sizeof(path); at++)
		n = n * 10 + (size_t)(*at - '0');
	if (at == end || *at++ != ':' || n >= sizeof(path) || n > (size_t)(end - at))
		return 0;
	memcpy(path, at, n);
	path[n] = '\0';
	return qbt_add_path(path, ret, e);
}

int qbt_resume_paths(const char *data, size_t len, struct list *ret, struct err *e)
{
	static const char *const keys[] = {"12:qBt-savePath", "16:qBt-downloadPath", "9:save_path"};

	for (unsigned i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (resume_key(data, len, keys[i], ret, e))
			return -1;
	return 0;
}

/*
 * The string behind an opening quote; returns the closing one, or the end. What is too long, or has
 * an escape that no path needs, becomes empty.
 */
static const char *json_text(const char *at, char *ret, size_t size)
{
	bool whole = true;
	size_t n = 0;

	for (; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			whole &= strchr("\\/\"", *++at) != NULL;
		if (n + 1 < size)
			ret[n++] = *at;
		else
			whole = false;
	}
	ret[whole ? n : 0] = '\0';
	return at;
}

int qbt_json_paths(const char *text, struct list *ret, struct err *e)
{
	char path[PATH_SIZE];

	while ((text = strchr(text, '"'))) {
		text = json_text(text + 1, path, sizeof(path));
		if (qbt_add_path(path, ret, e))
			return -1;
		if (*text)
			text++;
	}
	return 0;
}
