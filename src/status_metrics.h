/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `status` says of the textfile of metrics.
 *
 * Owns: its two forms. The age of the file is asked, not the daemon: it is what a scrape sees.
 */
#ifndef WGF_STATUS_METRICS_H
#define WGF_STATUS_METRICS_H

#include <stdio.h>

#include "config.h"

/* Nothing where the configuration has none. */
void metrics_people(FILE *out, const struct config *c);

/* A member of an object, its comma included; `c` is NULL where there is no configuration. */
void metrics_json(FILE *out, const struct config *c);

#endif
