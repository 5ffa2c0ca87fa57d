/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list of strings that grows.
 *
 * Owns: its strings. `v` ends with NULL once something was added, and is NULL before.
 */
#ifndef WGF_LIST_H
#define WGF_LIST_H

#include <stdbool.h>

#include "err.h"

struct list {
	char **v;
	unsigned n;
};

int list_add(struct list *l, struct err *e, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same, but once only. */
int list_add_new(struct list *l, const char *text, struct err *e);
bool list_has(const struct list *l, const char *text);
void list_drop(struct list *l, const char *text);
void list_free(struct list *l);

#endif
