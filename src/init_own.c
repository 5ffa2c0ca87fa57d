// SPDX-License-Identifier: GPL-2.0-only
#include "init_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r"

static void strip(char *text)
{
	size_t skip = strspn(text, BLANKS), len;

	memmove(text, text + skip, strlen(text + skip) + 1);
	len = strlen(text);
	while (len && strchr(BLANKS, text[len - 1]))
		text[--len] = '\0';
}

/* A backslash at the end of a line becomes a blank; a comment in between does not end that. */
static void join_lines(char *text)
{
	char *to = text;
	bool joined = false;

	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		const char *next = line + len + (line[len] == '\n');
		size_t blanks = strspn(line, BLANKS);

		if (joined && blanks < len && strchr("#;", line[blanks])) {
			line = next;
			continue;
		}
		joined = len && line[len - 1] == '\\';
		memmove(to, line, len);
		to += len;
		if (joined)
			to[-1] = ' ';
		else if (next > line + len)
			*to++ = '\n';
		line = next;
	}
	*to = '\0';
}

/* The value where the line is KEY=VALUE; NULL where it is something else. */
static char *value_of(char *line, const char *key)
{
	char *value = strchr(line, '=');

	if (!value)
		return NULL;
	*value++ = '\0';
	strip(line);
	strip(value);
	return strcmp(line, key) == 0 ? value : NULL;
}

static int values_of_text(const char *text, const char *section, const char *key, struct list *ret,
			  struct err *e)
{
	char *copy = strdup(text), *rest = copy, *line;
	bool inside = false;
	int r = 0;

	if (!copy)
		return err_errno(e, "a unit file");
	join_lines(copy);
	while (r == 0 && (line = strsep(&rest, "\n"))) {
		const char *value;
		size_t len;

		strip(line);
		len = strlen(line);
		if (len > 1 && line[0] == '[' && line[len - 1] == ']') {
			line[len - 1] = '\0';
			inside = strcmp(line + 1, section) == 0;
		} else if (inside && len && !strchr("#;", line[0])) {
			value = value_of(line, key);
			if (value)
				r = list_add(ret, e, "%s", value);
		}
	}
	free(copy);
	return r;
}

int own_values(const struct list *texts, const char *section, const char *key, struct list *ret,
	       struct err *e)
{
	for (unsigned i = 0; i < texts->n; i++)
		if (values_of_text(texts->v[i], section, key, ret, e))
			return -1;
	return 0;
}

bool own_last(const struct list *texts, const char *section, const char *key, char *ret,
	      size_t size)
{
	struct list values = {0};
	struct err e;
	bool found = false;

	if (own_values(texts, section, key, &values, &e) == 0 && values.n) {
		snprintf(ret, size, "%s", values.v[values.n - 1]);
		found = *ret != '\0';
	}
	list_free(&values);
	return found;
}

static int take_words(char *value, enum own_kind *kind, struct list *ret, struct err *e)
{
	bool denies = *value == '~';
	char *rest = value + denies, *word;

	if (*kind == OWN_NONE)
		*kind = denies ? OWN_DENIES : OWN_ALLOWS;
	while ((word = strsep(&rest, BLANKS))) {
		if (!*word || strcmp(word, "none") == 0)
			continue;
		if (denies != (*kind == OWN_DENIES))
			list_drop(ret, word);
		else if (list_add_new(ret, word, e))
			return -1;
	}
	return 0;
}

int own_list(const struct list *texts, const char *key, struct list *ret, enum own_kind *kind,
	     struct err *e)
{
	struct list values = {0};
	int r = own_values(texts, "Service", key, &values, e);

	*kind = OWN_NONE;
	for (unsigned i = 0; r == 0 && i < values.n; i++) {
		if (*values.v[i]) {
			r = take_words(values.v[i], kind, ret, e);
			continue;
		}
		list_free(ret);
		*kind = OWN_NONE;
	}
	list_free(&values);
	return r;
}

static bool is_among(const char *value, const char *const *words)
{
	for (; *words; words++)
		if (strcasecmp(value, *words) == 0)
			return true;
	return false;
}

bool own_is_on(const char *value)
{
	static const char *const no[] = {"", "0", "no", "n", "false", "f", "off", NULL};

	return !is_among(value, no);
}

bool own_is_yes(const char *value)
{
	static const char *const yes[] = {"1", "yes", "y", "true", "t", "on", NULL};

	return is_among(value, yes);
}
