// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words: complete, usable as labels, and of one mind with the enum.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "words.h"

/* As the metric's contract has it: small letters, digits, underscores. */
static bool is_label(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

static void test_reasons(void **state)
{
	(void)state;
	for (unsigned i = 0; i < WGF_N_REASONS; i++) {
		const struct reason *r = &reasons[i];

		assert_true(is_label(r->label));
		assert_true(strlen(r->name) && strlen(r->text) && strlen(r->sentence));
		assert_int_equal(r->sentence[strlen(r->sentence) - 1], '.');
		assert_int_equal(r->allows, wgf_allows(i));
		assert_in_range(r->where, 1, (1 << WGF_N_HOOKS) - 1);
		for (unsigned k = 0; k < i; k++) {
			assert_string_not_equal(r->label, reasons[k].label);
			assert_string_not_equal(r->text, reasons[k].text);
		}
	}
}

/* The table is indexed by the enum, and the letters of its column are the hooks. */
static void test_where(void **state)
{
	(void)state;
	assert_string_equal(reasons[WGF_BIND_REFUSED].label, "bind_refused");
	assert_int_equal(reasons[WGF_BIND_REFUSED].where, 1 << WGF_BIND);
	assert_int_equal(reasons[WGF_UNEXPECTED_INBOUND].where, 1 << WGF_INGRESS);
	assert_int_equal(reasons[WGF_WRONG_SOURCE].where, 1 << WGF_EGRESS);
	assert_int_equal(reasons[WGF_SOCKET_TYPE].where, 1 << WGF_SOCK_CREATE);
	assert_int_equal(reasons[WGF_MULTICAST_JOIN].where, 1 << WGF_SETSOCKOPT);
	assert_int_equal(reasons[WGF_PACKET_SOCKET].where, 1 << WGF_SETSOCKOPT | 1 << WGF_GUARD);
	assert_int_equal(reasons[WGF_DNS].where, 1 << WGF_EGRESS | 1 << WGF_CONNECT);
	assert_int_equal(reasons[WGF_UNIX_SOCKET].where, 1 << WGF_UNIX);
	assert_int_equal(reasons[WGF_TUNNEL_ADDRESS].where, 1 << WGF_GUARD);
	/* Without a policy others' packets are nobody's business. */
	assert_int_equal(reasons[WGF_NO_POLICY].where,
			 ((1 << WGF_N_HOOKS) - 1) & ~(1 << WGF_GUARD));
}

static void test_hooks(void **state)
{
	static const char *const labels[WGF_N_HOOKS] = {"egress", "ingress",	"connect", "bind",
							"socket", "setsockopt", "unix",	   "guard"};

	(void)state;
	for (unsigned i = 0; i < WGF_N_HOOKS; i++) {
		assert_string_equal(hook_label(i), labels[i]);
		assert_int_equal(hook_is_packet(i), i < 2 || i == WGF_GUARD);
	}
}

static void test_families(void **state)
{
	(void)state;
	assert_string_equal(family_label(WGF_FAMILY_UNKNOWN), "unknown");
	assert_string_equal(family_label(WGF_IPV4), "ipv4");
	assert_string_equal(family_label(WGF_IPV6), "ipv6");
	for (unsigned hook = 0; hook < WGF_N_HOOKS; hook++)
		for (unsigned family = 0; family < WGF_N_FAMILIES; family++)
			for (unsigned r = 0; r < WGF_N_REASONS; r++)
				assert_int_equal(reason_has_family(r, hook, family),
						 hook == WGF_UNIX || (hook == WGF_SETSOCKOPT &&
								      r == WGF_PACKET_SOCKET)
							 ? family == 0
							 : family != 0);
}

/* Each label leads back to what it is of. */
static void test_back(void **state)
{
	(void)state;
	for (int i = 0; i < WGF_N_HOOKS; i++)
		assert_int_equal(hook_by_label(hook_label(i)), i);
	for (int i = 0; i < WGF_N_FAMILIES; i++)
		assert_int_equal(family_by_label(family_label(i)), i);
	for (int i = 0; i < WGF_N_REASONS; i++)
		assert_int_equal(reason_by_label(reasons[i].label), i);
	assert_int_equal(family_by_label("unix"), WGF_FAMILY_UNKNOWN);
	assert_int_equal(hook_by_label("egres"), -1);
	assert_int_equal(family_by_label(""), -1);
	assert_int_equal(reason_by_label("DNS"), -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons), cmocka_unit_test(test_where),
		cmocka_unit_test(test_hooks),	cmocka_unit_test(test_families),
		cmocka_unit_test(test_back),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
