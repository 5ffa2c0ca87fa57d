// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `check` reads of the host under libFuzzer: nf_tables, tc, rules and routes of others, and
 * what a member shows it.
 *
 * Owns: what must hold for every input: no byte behind a message is read (it is as long as the
 * input, so AddressSanitizer tells), texts end, and a search among chains comes to an end.
 *
 * The first byte of an input says whose reader it is for; a message, or a text, follows.
 */
#include <libmnl/libmnl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check_names.h"
#include "inside.h"
#include "must.h"
#include "nft_reach.h"
#include "route_ask.h"
#include "route_meet.h"
#include "route_other.h"
#include "tc.h"

static struct err err;

/* libmnl (1.0.4) takes a length beyond INT_MAX for a small one; the kernel writes none. */
static bool is_whole(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= (u32)left;
}

/* Several messages: chains, and rules in them. */
static void read_nft(const char *data, size_t size)
{
	const struct nlmsghdr *nlh = (const void *)data;
	struct nft nft = {.n_chains = 0};
	int left = (int)size;

	for (; is_whole(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
		if (nft_parse_chain(nlh, &nft, &err) < 0 && nft_parse_rule(nlh, &nft, &err) < 0)
			MUST(err.text[0]);
	for (unsigned i = 0; i < nft.n_chains; i++)
		MUST(nft.chains[i].n_devices <= NFT_DEVICES &&
		     memchr(nft.chains[i].name, 0, NFT_NAME));
	for (unsigned i = 0; i < nft.n_acts; i++) {
		const struct nft_act *a = &nft.acts[i];

		MUST(a->chain < nft.n_chains && memchr(a->target, 0, NFT_NAME));
		MUST(memchr(a->device_name, 0, WGF_IFNAME));
		for (enum nft_way way = NFT_WAY_OUT; way <= NFT_WAY_ANY_IN; way++)
			nft_reaches(&nft, a, way, 3, "wg0");
		nft_passes(&nft, a, 3, "wg0");
	}
	nft_free(&nft);
}

static void read_tc(const struct nlmsghdr *nlh)
{
	struct tc_filter f;

	if (tc_parse(nlh, &f, &err) > 0)
		MUST(memchr(f.kind, 0, TC_KIND) && memchr(f.label, 0, TC_LABEL) && f.handle);
}

static void read_rule(const struct nlmsghdr *nlh)
{
	const struct route_question by = {.ipv4 = true, .to = far_away[1][0]};
	struct route_question q;
	struct other_rule o;
	char text[OTHER_TEXT];

	if (other_parse_rule(nlh, &o, &err) <= 0)
		return;
	MUST(memchr(o.in, 0, WGF_IFNAME) && memchr(o.out, 0, WGF_IFNAME));
	other_rule_text(&o, text);
	MUST(memchr(text, 0, OTHER_TEXT) && *text);
	route_meet(&o, &by, &q);
}

static void read_route(const struct nlmsghdr *nlh)
{
	struct route_answer answer;
	struct other_route o;
	char text[OTHER_TEXT];

	route_parse_answer(nlh, &answer, &err);
	if (other_parse_route(nlh, 1000, &o, &err) > 0)
		MUST(memchr(other_route_text(&o, text), 0, OTHER_TEXT));
}

static void read_text(const char *data, size_t size)
{
	char *text = strndup(data, size);
	const char *at = text;
	struct inside_user user;
	union wgf_ip ip;

	MUST(text);
	for (unsigned n = 0; server_next(&at, &ip); n++)
		MUST(n <= size);
	if (inside_user_parse(text, &user))
		MUST(user.n_groups <= INSIDE_GROUPS);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *nlh;

	if (size < 1)
		return 0;
	nlh = malloc(size - 1);
	MUST(nlh || size == 1);
	memcpy(nlh, data + 1, size - 1);
	if (data[0] % 5 == 4)
		read_text((char *)nlh, size - 1);
	else if (data[0] % 5 == 0)
		read_nft((char *)nlh, size - 1);
	else if (is_whole(nlh, (int)size - 1)) {
		if (data[0] % 5 == 1)
			read_tc(nlh);
		else if (data[0] % 5 == 2)
			read_rule(nlh);
		else
			read_route(nlh);
	}
	free(nlh);
	return 0;
}
