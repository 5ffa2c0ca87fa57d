/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of the address space is not the internet.
 *
 * Owns: the list (IANA's registries of special purposes). Pure.
 */
#ifndef WGF_SPECIAL_H
#define WGF_SPECIAL_H

#include "ip.h"

#define N_SPECIAL 14
extern const struct prefix special[N_SPECIAL];

bool is_public(const union wgf_ip *ip);

#endif
