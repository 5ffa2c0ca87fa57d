// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notes: what the policy compiler has to tell.
 *
 * Owns: the bounded list of them. Must never lose a conflict while there is another note to lose.
 */
#include "notes.h"

#include <stdarg.h>
#include <stdio.h>

/* A place for one note; NULL where there is none left for its kind. */
static struct note *place(struct notes *notes, enum note_kind kind)
{
	if (notes->n < MAX_NOTES)
		return &notes->note[notes->n++];
	notes->dropped++;
	if (kind != NOTE_CONFLICT)
		return NULL;
	for (unsigned i = MAX_NOTES; i-- > 0;)
		if (notes->note[i].kind != NOTE_CONFLICT)
			return &notes->note[i];
	return NULL;
}

void note_add(struct notes *notes, enum note_kind kind, unsigned line, const char *format, ...)
{
	struct note *note = place(notes, kind);
	va_list args;

	if (!note)
		return;
	note->kind = kind;
	note->line = line;
	va_start(args, format);
	vsnprintf(note->text, sizeof(note->text), format, args);
	va_end(args);
}

const struct note *notes_conflict(const struct notes *notes)
{
	for (unsigned i = 0; i < notes->n; i++)
		if (notes->note[i].kind == NOTE_CONFLICT)
			return &notes->note[i];
	return NULL;
}
