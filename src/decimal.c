// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plain decimal numbers as people write them: ports and prefix lengths.
 *
 * Owns: the one strict reader. Must never accept what strtoul(3) makes of blanks, signs and zeroes.
 */
#include "decimal.h"

bool decimal_parse(const char *text, unsigned max, unsigned *ret)
{
	unsigned long long value = 0;

	if (!text[0] || (text[0] == '0' && text[1]))
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (unsigned)(*text - '0');
		if (value > max)
			return false;
	}
	*ret = (unsigned)value;
	return true;
}
