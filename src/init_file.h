/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Single files below a root directory ("" is the machine's own).
 *
 * Owns: reading without being led astray, and writing so that at every instant, a crash of the
 * machine included, either the old or the new file is there, whole. Must never know what is in
 * them.
 */
#ifndef WGF_INIT_FILE_H
#define WGF_INIT_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define INIT_FILE_MAX (1u << 20)

/*
 * 1: read, *ret to be freed (a zero follows its *len bytes); 0: not there; -1: e. Only regular
 * files are read, and none that is larger than INIT_FILE_MAX.
 */
int init_file_read(const char *root, const char *path, char **ret, size_t *len, struct err *e);

/* Makes the directory of the file, too (not those above it, which the system has). */
int init_file_write(const char *root, const char *path, const char *text, struct err *e);

/* Removes the file, and its directory where that is one of drop-ins and empty then. */
int init_file_remove(const char *root, const char *path, struct err *e);

/* The directory, or the nearest one above it that exists, lies on a read-only file system. */
bool init_dir_read_only(const char *root, const char *dir);

#endif
