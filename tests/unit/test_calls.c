// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket options that join a group, and those that pass the guard, against the kernel's own
 * headers.
 *
 * Owns: the comparison, for every option of every level that an internet socket has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "calls.h"

static int joins_by_header(int level, int option)
{
	static const int v4[] = {IP_ADD_MEMBERSHIP, IP_ADD_SOURCE_MEMBERSHIP, IP_MSFILTER,
				 MCAST_JOIN_GROUP,  MCAST_JOIN_SOURCE_GROUP,  MCAST_MSFILTER};
	static const int v6[] = {IPV6_JOIN_GROUP, IPV6_JOIN_ANYCAST, MCAST_JOIN_GROUP,
				 MCAST_JOIN_SOURCE_GROUP, MCAST_MSFILTER};

	for (unsigned i = 0; i < sizeof(v4) / sizeof(v4[0]); i++)
		if (level == IPPROTO_IP && option == v4[i])
			return 1;
	for (unsigned i = 0; i < sizeof(v6) / sizeof(v6[0]); i++)
		if (level == IPPROTO_IPV6 && option == v6[i])
			return 1;
	return 0;
}

static void test_joins(void **state)
{
	(void)state;
	for (int level = -1; level < 300; level++)
		for (int option = -1; option < 1024; option++)
			if (wgf_joins((u32)level, (u32)option) != joins_by_header(level, option))
				fail_msg("level %d, option %d", level, option);
}

static void test_passes_guard(void **state)
{
	(void)state;
	for (int level = -1; level < 300; level++)
		for (int option = -1; option < 1024; option++)
			if (wgf_passes_guard((u32)level, (u32)option) !=
			    (level == SOL_XDP ||
			     (level == SOL_PACKET && option == PACKET_QDISC_BYPASS)))
				fail_msg("level %d, option %d", level, option);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_joins),
						  cmocka_unit_test(test_passes_guard)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
