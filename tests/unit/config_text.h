/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the configuration's parser share.
 *
 * Owns: parsing a text into `c` and `e`, and texts that grow.
 */
#ifndef WGF_TEST_CONFIG_TEXT_H
#define WGF_TEST_CONFIG_TEXT_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

#include "config.h"

#define FENCE "[fence]\nunit = a.service\ntunnel = wg0\n"

static struct config c;
static struct err e;

static inline int parse(const char *text)
{
	memset(&c, 0xa5, sizeof(c));
	memset(&e, 0, sizeof(e));
	return config_parse(text, strlen(text), "dir/t.conf", "t", &c, &e);
}

static inline void accept(const char *text)
{
	if (parse(text))
		fail_msg("%s", e.text);
}

static inline void refuse(const char *text, const char *begin)
{
	if (!parse(text))
		fail_msg("was accepted, not refused with %s", begin);
	if (strncmp(e.text, begin, strlen(begin)) != 0)
		fail_msg("said %s, not %s", e.text, begin);
}

/* A text that grows. */
struct text {
	char s[2 * CONFIG_MAX];
	size_t len;
};

static inline void add(struct text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static inline void add(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	t->len += (size_t)vsnprintf(t->s + t->len, sizeof(t->s) - t->len, format, args);
	va_end(args);
	assert_true(t->len < sizeof(t->s));
}

#endif
