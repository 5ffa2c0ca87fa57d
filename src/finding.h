/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Findings: what an examination saw, why that matters, and the command that mends it.
 *
 * Owns: their list, its two forms on paper, and the exit code of the worst. Must never look at the
 * machine.
 *
 * A finding's kind, "area.word", is for programs and stays; the texts are for people. What comes
 * from the machine (names of processes, paths) may be in them: bytes that are no printable ASCII
 * are shown as '?'.
 */
#ifndef WGF_FINDING_H
#define WGF_FINDING_H

#include <stdbool.h>
#include <stdio.h>

#include "err.h"

enum severity {
	FINDING_FINE,	 /* looked at, and as it should be: evidence */
	FINDING_NOTICE,	 /* worth knowing; nothing is lost by it here, or nothing can be done */
	FINDING_WARNING, /* a layer is missing, or could not be looked at; the fence itself holds */
	FINDING_BROKEN,	 /* something can leave, or nothing says that it cannot */
	N_SEVERITIES
};

struct finding {
	enum severity severity;
	const char *kind;
	char *what;
	const char *why; /* NULL: said by `what` */
	char *mend;	 /* for a shell, as root; NULL: there is no command for it */
};

struct report {
	struct finding *v;
	unsigned n;
	bool lost; /* memory ended: something was found that is not here */
};

/* `kind` and `why` stay the caller's. */
void finding_add(struct report *all, enum severity severity, const char *kind, const char *why,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

/* How the finding that was added last is mended. What is no word for a shell: shell_word(). */
void finding_mend(struct report *all, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* `text` as one word for a shell, quoted where it needs to be; returns `ret`. */
#define SHELL_WORD 1100
const char *shell_word(const char *text, char ret[SHELL_WORD]);

/* Something could not be looked at: a warning that says so. */
void finding_unseen(struct report *all, const char *kind, const struct err *e);

enum severity report_worst(const struct report *all);

/* Of the worst. */
enum exit_code report_code(const struct report *all);

/* By area, in the order in which the areas came. What is fine is counted, and shown on `fine`. */
void report_people(FILE *out, const struct report *all, const char *fence, bool colour, bool fine);
void report_json(FILE *out, const struct report *all, const char *fence);

void report_free(struct report *all);

#endif
