/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whatever function of an address the guard's bit is: what is proved needs only that there is one,
 * and that equal addresses have equal ones; and a model checker would search long in how it is
 * made.
 *
 * Owns: policy_is_sound() of such a bit, which is is_sound().
 */
#ifndef WGF_PROVE_BIT_H
#define WGF_PROVE_BIT_H

#include "match.h"
#include "prove.h"

#ifdef PROVE
u64 __CPROVER_uninterpreted_bit(u64 address);

static inline u64 any_bit(u64 address)
{
	u64 bit = __CPROVER_uninterpreted_bit(address);

	assume(bit);
	return bit;
}

#define wgf_guard_bit any_bit
#endif
#include "fast.h"

#define policy_is_sound is_sound
#include "sound.c"
#undef policy_is_sound

#endif
