/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether what was found makes a fence here.
 *
 * Owns: compiling the configuration that would be written, before it is. Pure.
 */
#ifndef WGF_INIT_CHECK_H
#define WGF_INIT_CHECK_H

#include "init_findings.h"
#include "inventory.h"

/*
 * A resolver inside a network of the WebUI is left out, which a note says;
 * any other contradiction is an error.
 */
int check_findings(struct findings *f, const struct inventory *inv, struct err *e);

#endif
