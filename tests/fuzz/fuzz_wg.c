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
#include <libmnl/libmnl.h>
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

/* Exactly as long as it is, so that AddressSanitizer tells what is read behind it. */
static void read_messages(const uint8_t *data, size_t size)
{
	char *piece = malloc(size);
	const struct nlmsghdr *nlh = (const void *)piece;
	struct err e = {.text = ""};
	bool failed = false;
	int left = (int)size;

	MUST(piece);
	memcpy(piece, data, size);
	memset(&wg, 0, sizeof(wg));
	for (; !failed && mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
		failed = wg_parse_message(nlh, &wg, &e) != 0;
	check(&e, failed);
	free(piece);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] == 's')
		read_answer(data + 1, size - 1);
	else
		read_messages(data + 1, size - 1);
	return 0;
}
