/* SPDX-License-Identifier: GPL-2.0-only */
/* In the place of libbpf's. Owns: nothing; the programs only want it there. */
