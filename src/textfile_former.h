/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a fence's textfile was written last: RUN/NAME/metrics, a link to the directory.
 *
 * Owns: that link, so that a directory that was changed while no daemon ran has its file taken away
 * all the same. A reboot forgets it.
 */
#ifndef WGF_TEXTFILE_FORMER_H
#define WGF_TEXTFILE_FORMER_H

#include <limits.h>

#include "err.h"

/* "" where there is none. */
void textfile_former(const char *run, const char *fence, char ret[PATH_MAX]);

/* From now on it is this directory; "": none. */
int textfile_moved(const char *run, const char *fence, const char *directory, struct err *e);

#endif
