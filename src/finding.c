// SPDX-License-Identifier: GPL-2.0-only
#include "finding.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static char *print_plain(const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		return NULL;
	for (char *c = text; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			*c = '?';
	return text;
}

void finding_add(struct report *all, enum severity severity, const char *kind, const char *why,
		 const char *format, ...)
{
	struct finding *more = reallocarray(all->v, all->n + 1UL, sizeof(*more));
	va_list args;
	char *what;

	if (more)
		all->v = more;
	va_start(args, format);
	what = more ? print_plain(format, args) : NULL;
	va_end(args);
	if (!what) {
		all->lost = true;
		return;
	}
	all->v[all->n++] = (struct finding){severity, kind, what, why, NULL};
}

/* Behind one that was lost there may be another, whose mend this is not. */
void finding_mend(struct report *all, const char *format, ...)
{
	va_list args;
	char *text;

	if (all->lost || !all->n)
		return;
	va_start(args, format);
	text = print_plain(format, args);
	va_end(args);
	if (!text)
		all->lost = true;
	free(all->v[all->n - 1].mend);
	all->v[all->n - 1].mend = text;
}

const char *shell_word(const char *text, char ret[SHELL_WORD])
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_@%+=:,./-";
	size_t n = 0;

	if (*text && strspn(text, plain) == strlen(text) && strlen(text) < SHELL_WORD) {
		memcpy(ret, text, strlen(text) + 1);
		return ret;
	}
	ret[n++] = '\'';
	for (; *text && n + sizeof("'\\'''") < SHELL_WORD; text++)
		if (*text == '\'') {
			memcpy(ret + n, "'\\''", 4);
			n += 4;
		} else {
			ret[n++] = *text;
		}
	ret[n++] = '\'';
	ret[n] = '\0';
	return ret;
}

void finding_unseen(struct report *all, const char *kind, const struct err *e)
{
	finding_add(all, FINDING_WARNING, kind, "What was not seen may be as it should, or not.",
		    "could not be looked at: %s", e->text);
}

enum severity report_worst(const struct report *all)
{
	enum severity worst = all->lost ? FINDING_WARNING : FINDING_FINE;

	for (unsigned i = 0; i < all->n; i++)
		if (all->v[i].severity > worst)
			worst = all->v[i].severity;
	return worst;
}

enum exit_code report_code(const struct report *all)
{
	static const enum exit_code codes[N_SEVERITIES] = {
		[FINDING_FINE] = EXIT_FINE,
		[FINDING_NOTICE] = EXIT_NOTICE,
		[FINDING_WARNING] = EXIT_WARNING,
		[FINDING_BROKEN] = EXIT_LEAK,
	};

	return codes[report_worst(all)];
}

void report_free(struct report *all)
{
	for (unsigned i = 0; i < all->n; i++) {
		free(all->v[i].what);
		free(all->v[i].mend);
	}
	free(all->v);
	*all = (struct report){0};
}
