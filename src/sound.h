/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Soundness: what the programs in the kernel rely on in a policy.
 *
 * Owns: everything that the proof (docs/proof.md) takes for granted of a policy, as one question.
 * The model checker assumes it, whoever publishes asks it first, and the tests ask it of random
 * policies. Pure.
 */
#ifndef WGF_SOUND_H
#define WGF_SOUND_H

#include <stdbool.h>

#include "policy.h"

bool policy_is_sound(const struct wgf_policy *p);

#endif
