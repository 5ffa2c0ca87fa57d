/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attempts and flows in few columns: reason, process and destination, in 80 columns all in sight.
 *
 * Owns: their words. Pure; printable ASCII, whatever a process calls itself.
 */
#ifndef WGF_TOP_BRIEF_H
#define WGF_TOP_BRIEF_H

#include "top_model.h"

void top_brief_event(const struct top_event *top, char line[TOP_LINE]);
void top_brief_flow(const struct flow *f, char line[TOP_LINE]);

#endif
