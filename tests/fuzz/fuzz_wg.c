// SPDX-License-Identifier: GPL-2.0-only
/*
 * What WireGuard says of itself under libFuzzer: an answer of the socket of one in user space,
 * which anybody may be who could make that socket, and a message of the kernel's.
 *
 * Owns: what must hold of it for every input: as many networks as there is room for, each with a
 * length that its family has, and an error that says why.
 *
 * The first byte of an input is 's' for the socket, else it is the kernel's.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"
#include "wg.h"

static struct wg wg;

static void check(const struct err *e, bool failed)
{
	MUST(!failed || (e->text[0] && memchr(e->text, 0, sizeof(e->text))));
	MUST(wg.n_allowed <= WG_MAX_ALLOWED && (!wg.more || wg.n_allowed == WG_MAX_ALLOWED));
	for (unsigned i = 0; i < wg.n_allowed; i++)
		MUST(wg.allowed[i].len <= 128);
}

static void read_answer(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct err e = {.text = ""};

	MUST(text);
	check(&e, wg_parse_answer(text, &wg, &e) != 0);
	free(text);
}

/*
 * One message, exactly as long as it is, so that AddressSanitizer tells what is read behind it.
 * libmnl has cut it out of its piece.
 */
static void read_message(const uint8_t *data, size_t size)
{
	struct nlmsghdr *nlh;
	struct err e = {.text = ""};

	if (size < sizeof(*nlh))
		return;
	nlh = malloc(size);
	MUST(nlh);
	memcpy(nlh, data, size);
	nlh->nlmsg_len = (u32)size;
	memset(&wg, 0, sizeof(wg));
	check(&e, wg_parse_message(nlh, &wg, &e) != 0);
	free(nlh);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] == 's')
		read_answer(data + 1, size - 1);
	else
		read_message(data + 1, size - 1);
	return 0;
}
