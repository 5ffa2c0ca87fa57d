/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: reading a small kernel text file whole (proc files have no size to ask for). */
#ifndef WGF_FILE_H
#define WGF_FILE_H

#include "err.h"

/* The text, ended with a zero, to be freed; NULL with e filled. */
char *file_text(const char *path, struct err *e);

#endif
