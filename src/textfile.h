/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fence's file in the directory of the node exporter: DIRECTORY/wgfence-NAME.prom.
 *
 * Owns: that nobody ever reads half of it: written under a name without .prom, which the exporter
 * does not read, and renamed over. Must never follow a link: the directory may be another's.
 */
#ifndef WGF_TEXTFILE_H
#define WGF_TEXTFILE_H

#include <stddef.h>

#include "err.h"

/* Whole and on the disk, mode 0644; or the file stays as it was. */
int textfile_write(const char *directory, const char *fence, const char *text, size_t len,
		   struct err *e);

/* One that is not there is removed. */
int textfile_remove(const char *directory, const char *fence, struct err *e);

/* How many seconds ago it was written; -1 where it cannot be told. */
long long textfile_age(const char *directory, const char *fence, struct err *e);

#endif
