/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: the list of verbs; one file cmd_VERB.c each. */
#ifndef WGF_CMD_H
#define WGF_CMD_H

#include "options.h"

int cmd_init(const struct options *o, struct err *e);
int cmd_run(const struct options *o, struct err *e);
int cmd_attach(const struct options *o, struct err *e);
int cmd_detach(const struct options *o, struct err *e);
int cmd_check(const struct options *o, struct err *e);
int cmd_status(const struct options *o, struct err *e);
int cmd_ready(const struct options *o, struct err *e);
int cmd_explain(const struct options *o, struct err *e);
int cmd_metrics(const struct options *o, struct err *e);
int cmd_top(const struct options *o, struct err *e);
int cmd_events(const struct options *o, struct err *e);

#endif
