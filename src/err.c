// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors: what went wrong, in words.
 *
 * Owns: filling a struct err. Must never print. Both calls leave errno as it was, so that a caller
 * can still look at it, and an argument may be e->text itself, so that a caller can put the error
 * of a callee behind its own words.
 */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int err_set(struct err *e, enum exit_code code, const char *format, ...)
{
	char text[sizeof(e->text)];
	int saved = errno;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	memcpy(e->text, text, sizeof(text));
	e->code = code;
	errno = saved;
	return -1;
}

int err_errno(struct err *e, const char *format, ...)
{
	int saved = errno;
	bool root = geteuid() == 0;
	const char *hint = !root && (saved == EPERM || saved == EACCES) ? " (needs root)" : "";
	char text[sizeof(e->text)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* The cause is worth more than the end of an overlong beginning. */
	err_set(e, EXIT_FAILED, "%.900s: %s%s", text, strerror(saved), hint);
	errno = saved;
	return -1;
}
