// SPDX-License-Identifier: GPL-2.0-only
#include "file.h"

#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX (4u << 20)

static char *read_all(FILE *f)
{
	size_t have = 0, room = 4096;
	char *text = malloc(room);

	while (text) {
		have += fread(text + have, 1, room - have - 1, f);
		if (feof(f) || ferror(f) || room >= FILE_MAX)
			break;
		if (have == room - 1) {
			char *more = realloc(text, room *= 2);

			if (!more)
				free(text);
			text = more;
		}
	}
	if (text)
		text[have] = '\0';
	return text;
}

char *file_text(const char *path, struct err *e)
{
	FILE *f = fopen(path, "re");
	char *text = f ? read_all(f) : NULL;

	if (!text || !feof(f)) {
		err_errno(e, "%s", path);
		free(text);
		text = NULL;
	}
	if (f)
		fclose(f);
	return text;
}
