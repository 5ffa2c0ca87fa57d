/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: showing two texts side by side: lines only in one of them with - or + before. Pure. */
#ifndef WGF_INIT_DIFF_H
#define WGF_INIT_DIFF_H

#include <stdio.h>

/* Lines that are the same are left out but for headings, "[...]". */
void diff_print(FILE *out, const char *before, const char *after);

#endif
