/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The drop-in of a unit, before it is text.
 *
 * Owns: which lines it has: the slice, the daemon, the gate, and the sandbox. It only ever
 * tightens: lists in systemd merge, and a line that is tight alone can loosen a unit that had less.
 * Pure.
 */
#ifndef WGF_INIT_DROPIN_H
#define WGF_INIT_DROPIN_H

#include "init_findings.h"

#define SYSTEM_RANKS "no yes full strict" /* of ProtectSystem= */
#define HOME_RANKS   "no read-only tmpfs yes"

struct dropin {
	struct list unit, service; /* "Key=value", in order */
};

int dropin_make(const struct findings *f, struct dropin *ret, struct err *e);
void dropin_free(struct dropin *d);

/* Parts of it. */
int dropin_sandbox(const struct findings *f, struct list *service, struct err *e);
int dropin_private(const struct findings *f, struct list *service, struct err *e);
int dropin_paths(const struct findings *f, struct list *service, struct err *e);

/* Is /run hidden from the unit? Not where it must meet others there. */
bool dropin_hides_run(const struct findings *f);

/* KEY=-PATH, escaped as systemd reads paths. */
int dropin_path(struct list *service, const char *key, const char *path, struct err *e);

/* `ranks` is a list of words from loose to tight; switches may be ranked: 1, true and on are yes.
 */
bool dropin_is_looser(const char *own, const char *wanted, const char *ranks);

/* The words of a key from loose to tight, "" where they cannot be compared; NULL: it has none. */
const char *dropin_ranks(const char *key);

/* Is a line of this key there to keep the service in its fence, and not only in its place? */
bool dropin_is_wall(const char *key);

/* wgfence-ESCAPED.slice and wgfence@ESCAPED.service of a fence; `ret` has room for UNIT_NAME. */
#define UNIT_NAME 300
void dropin_slice(const char *name, char *ret);
void dropin_daemon(const char *name, char *ret);

#endif
