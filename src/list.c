// SPDX-License-Identifier: GPL-2.0-only
#include "list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int list_add(struct list *l, struct err *e, const char *format, ...)
{
	char **more = reallocarray(l->v, l->n + 2UL, sizeof(*more)), *text = NULL;
	va_list args;
	int len;

	if (!more)
		return err_errno(e, "a list");
	l->v = more;
	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	l->v[l->n] = len < 0 ? NULL : text;
	if (len < 0)
		return err_errno(e, "a list");
	l->v[++l->n] = NULL;
	return 0;
}

bool list_has(const struct list *l, const char *text)
{
	for (unsigned i = 0; i < l->n; i++)
		if (strcmp(l->v[i], text) == 0)
			return true;
	return false;
}

int list_add_new(struct list *l, const char *text, struct err *e)
{
	return list_has(l, text) ? 0 : list_add(l, e, "%s", text);
}

void list_drop(struct list *l, const char *text)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < l->n; i++)
		if (strcmp(l->v[i], text) == 0)
			free(l->v[i]);
		else
			l->v[kept++] = l->v[i];
	l->n = kept;
	if (l->v)
		l->v[kept] = NULL;
}

void list_free(struct list *l)
{
	for (unsigned i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct list){0};
}
