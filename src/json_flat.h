/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One flat JSON object, read strictly.
 *
 * Owns: the grammar, which is what json.h and event_json.c write and nothing else: no blanks, no
 * nesting, keys of [a-z_], whole numbers without sign, strings of printable ASCII with \", \\ and
 * \u00XX. Pure; takes hostile input.
 */
#ifndef WGF_JSON_FLAT_H
#define WGF_JSON_FLAT_H

#include <stdbool.h>
#include <stddef.h>

#include "types.h"

#define FLAT_KEY  24
#define FLAT_TEXT 144

enum flat_kind { FLAT_NULL, FLAT_BOOL, FLAT_NUMBER, FLAT_STRING };

struct flat {
	char key[FLAT_KEY];
	enum flat_kind kind;
	u64 number;	      /* a number; of a bool 0 or 1 */
	char text[FLAT_TEXT]; /* a string, each \u00XX one byte; never holds a zero byte */
};

/*
 * Calls `pair` for each pair of the object, in order, until it returns false. True where the whole
 * text is one object and each call was true.
 */
bool flat_each(const char *text, size_t len, bool (*pair)(const struct flat *p, void *context),
	       void *context);

#endif
