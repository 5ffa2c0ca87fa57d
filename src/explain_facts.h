/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet or a call that the command line describes.
 *
 * Owns: turning words into facts. Pure: which interfaces there are is the caller's to know.
 */
#ifndef WGF_EXPLAIN_FACTS_H
#define WGF_EXPLAIN_FACTS_H

#include "facts.h"
#include "inventory.h"
#include "options.h"
#include "reasons.h"

int explain_hook(const char *text, enum wgf_hook *ret, struct err *e);

/* Adds to what is in *f; what the hook needs and is not said is refused. */
int explain_facts(const struct options *o, enum wgf_hook hook, const struct inventory *inv,
		  struct wgf_facts *f, struct err *e);

#endif
