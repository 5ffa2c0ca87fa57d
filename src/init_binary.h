/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: this program's own path, as a unit can name it. */
#ifndef WGF_INIT_BINARY_H
#define WGF_INIT_BINARY_H

#include <limits.h>

#include "err.h"

int binary_own(char ret[PATH_MAX], struct err *e);

/* In ExecStartPre= much has a meaning: an error where the path would need quotes there. */
int binary_check(const char *path, struct err *e);

#endif
