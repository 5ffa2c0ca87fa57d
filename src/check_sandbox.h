/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does what holds for a unit do what a line of init's drop-in would?
 *
 * Owns: comparing the two, whichever file of the unit it comes from. Pure.
 */
#ifndef WGF_CHECK_SANDBOX_H
#define WGF_CHECK_SANDBOX_H

#include <stdbool.h>

#include "list.h"

/*
 * `line` is "Key=value" of the drop-in's [Service], `properties` what unit_properties() gives. True
 * also where it cannot be told: lines that tighten nothing, and what this systemd does not know.
 */
bool sandbox_holds(const char *line, const struct list *properties);

/* Why a line of this key is there. */
const char *sandbox_why(const char *line);

#endif
