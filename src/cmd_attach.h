/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: what `attach` and `run` have in common as verbs. */
#ifndef WGF_CMD_ATTACH_H
#define WGF_CMD_ATTACH_H

#include "options.h"

int attach_dry_run(const struct options *o, struct err *e);

#endif
