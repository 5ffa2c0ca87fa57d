/* SPDX-License-Identifier: GPL-2.0-only */
/* In the place of libbpf's. Owns: the one conversion that the programs ask for. */
#ifndef WGF_PROVE_ENDIAN_H
#define WGF_PROVE_ENDIAN_H

#include "types.h"

#define bpf_ntohs(x) WGF_BE16(x)
#define bpf_htons(x) WGF_BE16(x)

#endif
