// SPDX-License-Identifier: GPL-2.0-only
#include "init_diff.h"

#include <stdbool.h>
#include <string.h>

#define MAX_LINES 400 /* of each text; what lies behind is not compared */

struct lines {
	unsigned n;
	struct line {
		const char *at;
		size_t len;
	} v[MAX_LINES];
};

static void split(const char *text, struct lines *ret)
{
	ret->n = 0;
	while (*text && ret->n < MAX_LINES) {
		size_t len = strcspn(text, "\n");

		ret->v[ret->n++] = (struct line){text, len};
		text += len + (text[len] == '\n');
	}
}

static bool same(const struct line *a, const struct line *b)
{
	return a->len == b->len && strncmp(a->at, b->at, a->len) == 0;
}

/* What stands in a user's file may be anything: control characters become '?'. */
static void print_line(FILE *out, char sign, const struct line *l)
{
	fprintf(out, "  %c ", sign);
	for (size_t i = 0; i < l->len; i++) {
		unsigned char c = (unsigned char)l->at[i];

		fputc((c < ' ' && c != '\t') || c == 0x7f ? '?' : c, out);
	}
	fputc('\n', out);
}

/* lcs[i][j]: how many lines the rests from i and from j have in common. */
static unsigned short lcs[MAX_LINES + 1][MAX_LINES + 1];

static void measure(const struct lines *a, const struct lines *b)
{
	memset(lcs, 0, sizeof(lcs));
	for (unsigned i = a->n; i-- > 0;)
		for (unsigned j = b->n; j-- > 0;)
			lcs[i][j] = same(&a->v[i], &b->v[j])	    ? lcs[i + 1][j + 1] + 1
				    : lcs[i + 1][j] > lcs[i][j + 1] ? lcs[i + 1][j]
								    : lcs[i][j + 1];
}

void diff_print(FILE *out, const char *before, const char *after)
{
	static struct lines a, b;
	unsigned i = 0, j = 0;

	split(before, &a);
	split(after, &b);
	measure(&a, &b);
	while (i < a.n || j < b.n) {
		if (i < a.n && j < b.n && same(&a.v[i], &b.v[j])) {
			if (a.v[i].len && *a.v[i].at == '[')
				print_line(out, ' ', &a.v[i]);
			i++;
			j++;
		} else if (i < a.n && (j == b.n || lcs[i + 1][j] >= lcs[i][j + 1])) {
			print_line(out, '-', &a.v[i++]);
		} else {
			print_line(out, '+', &b.v[j++]);
		}
	}
}
