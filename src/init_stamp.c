// SPDX-License-Identifier: GPL-2.0-only
#include "init_stamp.h"

#include <stdio.h>
#include <string.h>

#include "types.h"

#define HEAD   "# Written by wgfence init; checksum "
#define TAIL   ". Edit it as you like: init then keeps it, unless told --force.\n"
#define DIGITS 16

/* FNV-1a */
static unsigned long long checksum(const char *text)
{
	u64 sum = 0xcbf29ce484222325ULL;

	for (; *text; text++)
		sum = (sum ^ (unsigned char)*text) * 0x100000001b3ULL;
	return sum;
}

char *stamp_put(const char *body)
{
	char *text;

	return asprintf(&text, HEAD "%016llx" TAIL "%s", checksum(body), body) < 0 ? NULL : text;
}

enum stamp stamp_check(const char *text)
{
	const char *body = strchr(text, '\n');
	char head[sizeof(HEAD) + DIGITS + sizeof(TAIL)];

	if (strncmp(text, HEAD, strlen(HEAD)) != 0)
		return STAMP_FOREIGN;
	if (!body)
		return STAMP_EDITED;
	body++;
	snprintf(head, sizeof(head), HEAD "%016llx" TAIL, checksum(body));
	return strlen(head) == (size_t)(body - text) && strncmp(text, head, strlen(head)) == 0
		       ? STAMP_OURS
		       : STAMP_EDITED;
}
