/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon: the fence in place, and its policy in step with the machine and the configuration.
 *
 * Owns: the event loop, and what a signal means. However it ends, the fence stands: links and maps
 * are pinned. Must never wait for anybody: neither for a reader of events nor for a program in the
 * kernel.
 */
#ifndef WGF_DAEMON_H
#define WGF_DAEMON_H

#include "options.h"

/* Until SIGTERM or SIGINT; an exit code. The options say where the configuration is, for SIGHUP. */
int daemon_run(const struct options *o, const struct config *c, struct err *e);

#endif
