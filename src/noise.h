/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Expected noise: what ordinary programs try all day, and what no attempt of the service is.
 *
 * Owns: the one table of which reasons these are, for whoever shows or alerts. Must never be asked
 * for a verdict: noise is dropped like everything else.
 */
#ifndef WGF_NOISE_H
#define WGF_NOISE_H

#include <stdbool.h>

#include "reasons.h"

bool reason_is_noise(enum wgf_reason reason);

#endif
