/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files that `init` would write, as text; and the same as a NixOS module.
 *
 * Owns: their layout. Pure. Must never hand out a configuration that config_parse() refuses.
 */
#ifndef WGF_INIT_RENDER_H
#define WGF_INIT_RENDER_H

#include <stdio.h>

#include "init_dropin.h"

/* Bodies, without the head line, to be freed; NULL with e filled. */
char *render_config(const struct findings *f, struct err *e);
char *render_dropin(const struct dropin *d, struct err *e);
char *render_slice(const struct findings *f, struct err *e);

/* `config` is render_config()'s. */
void render_nixos(FILE *out, const struct findings *f, const struct dropin *d, const char *config);

#endif
