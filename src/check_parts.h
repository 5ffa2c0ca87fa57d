/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of an area share among themselves.
 *
 * Owns: nothing but the declarations.
 */
#ifndef WGF_CHECK_PARTS_H
#define WGF_CHECK_PARTS_H

#include "check.h"

/* Of the fence: who owns the pins; who follows the machine; which programs of others are there. */
void check_fence_pins(struct check *c);
void check_fence_daemon(struct check *c);
void check_fence_others(struct check *c);

/* Of the packet filter: the old iptables. */
void check_filter_legacy(struct check *c);

#endif
