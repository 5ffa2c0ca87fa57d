/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy for people.
 *
 * Owns: what `--dry-run` and `status` show of a policy, and the compiler's notes as lines.
 */
#ifndef WGF_POLICY_PRINT_H
#define WGF_POLICY_PRINT_H

#include <stdio.h>

#include "compile.h"

/* The inventory gives the interfaces their names. */
void policy_print(FILE *out, const struct wgf_policy *p, const struct inventory *inv);

/* A line each, "file:line: kind: text". */
void notes_print(FILE *out, const struct notes *notes, const char *file);

#endif
