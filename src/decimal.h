/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plain decimal numbers as people write them: ports and prefix lengths.
 *
 * Owns: the one strict reader. No sign, no blank, no leading zero (which C and inet_aton(3) read as
 * octal), nothing behind the digits. Pure.
 */
#ifndef WGF_DECIMAL_H
#define WGF_DECIMAL_H

#include <stdbool.h>

/* False, and *ret untouched, where text is anything but a number from 0 to max. */
bool decimal_parse(const char *text, unsigned max, unsigned *ret);

#endif
