/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixed-width integers that both sides share.
 *
 * Owns: four typedefs. Must never include anything: verdict.h and parse.h are compiled for BPF, for
 * the host and for the fuzzer from these alone. The kernel's own vmlinux.h
 * has the same typedefs; C11 allows an identical one twice.
 */
#ifndef WGF_TYPES_H
#define WGF_TYPES_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define WGF_BE16(x) ((u16)__builtin_bswap16(x))
#define WGF_BE32(x) ((u32)__builtin_bswap32(x))
#define WGF_BE64(x) ((u64)__builtin_bswap64(x))
#else
#define WGF_BE16(x) ((u16)(x))
#define WGF_BE32(x) ((u32)(x))
#define WGF_BE64(x) ((u64)(x))
#endif

#define WGF_INLINE    static inline __attribute__((always_inline))
#define WGF_LIKELY(x) __builtin_expect(!!(x), 1)

#endif
