// SPDX-License-Identifier: GPL-2.0-only
#include "grow.h"

#include <stdlib.h>

void *grown(void *array, unsigned n, size_t size, struct err *e)
{
	void *more = array;

	if ((n & (n - 1)) == 0) {
		more = reallocarray(array, n ? (size_t)n * 2 : 1, size);
		if (!more)
			err_errno(e, "no memory");
	}
	return more;
}
