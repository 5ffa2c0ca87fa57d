// SPDX-License-Identifier: GPL-2.0-only
#include "since.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY 86400ULL

static const struct {
	const char *name;
	u64 seconds;
} units[] = {{"s", 1},	     {"sec", 1},      {"second", 1}, {"seconds", 1},	{"min", 60},
	     {"minute", 60}, {"minutes", 60}, {"h", 3600},   {"hour", 3600},	{"hours", 3600},
	     {"d", DAY},     {"day", DAY},    {"days", DAY}, {"week", 7 * DAY}, {"weeks", 7 * DAY}};

static const size_t n_units = sizeof(units) / sizeof(units[0]);

/* "10 min ago", "2h ago" */
static bool parse_ago(const char *text, u64 now, u64 *ret)
{
	char *rest;
	unsigned long n = strtoul(text, &rest, 10);
	size_t len;

	if (rest == text || text[0] == '-' || text[0] == '+' || n > 1000000)
		return false;
	rest += strspn(rest, " ");
	len = strcspn(rest, " ");
	if (strcmp(rest + len, " ago") != 0)
		return false;
	for (size_t i = 0; i < n_units; i++)
		if (strlen(units[i].name) == len && strncmp(rest, units[i].name, len) == 0) {
			*ret = n * units[i].seconds < now ? now - n * units[i].seconds : 0;
			return true;
		}
	return false;
}

/* mktime(3) takes the 31st of February for a day in March: what comes back must be what went in. */
static bool make(const struct tm *wanted, u64 *ret)
{
	struct tm tm = *wanted;
	time_t t;

	tm.tm_isdst = -1;
	t = mktime(&tm);
	if (t < 0 || tm.tm_mday != wanted->tm_mday || tm.tm_mon != wanted->tm_mon)
		return false;
	*ret = (u64)t;
	return true;
}

static bool parse_calendar(const char *text, u64 now, u64 *ret)
{
	static const char *const forms[] = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
					    "%H:%M:%S", "%H:%M"};
	time_t t = (time_t)now;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm;
		const char *end;

		if (!localtime_r(&t, &tm))
			return false;
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		end = strptime(text, forms[i], &tm);
		if (end && !*end)
			return make(&tm, ret);
	}
	return false;
}

bool since_parse(const char *text, u64 now, u64 *ret)
{
	time_t t = (time_t)now;
	struct tm tm;

	if (strcmp(text, "now") == 0) {
		*ret = now;
		return true;
	}
	if (strcmp(text, "today") != 0 && strcmp(text, "yesterday") != 0)
		return parse_ago(text, now, ret) || parse_calendar(text, now, ret);
	if (!localtime_r(&t, &tm))
		return false;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday -= text[0] == 'y';
	tm.tm_isdst = -1;
	t = mktime(&tm);
	*ret = (u64)t;
	return t >= 0;
}
