// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is read of a filter of tc.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <libmnl/libmnl.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_gact.h>
#include <linux/tc_act/tc_mirred.h>
#include <stdlib.h>
#include <string.h>

#include "tc.h"

static char buffer[2048] __attribute__((aligned(8)));
static struct nlmsghdr *nlh;
static struct nlattr *options, *actions;
static struct tc_filter f;
static struct err err;

static void begin(const char *kind, u32 handle)
{
	struct tcmsg *m;

	memset(buffer, 0, sizeof(buffer));
	nlh = mnl_nlmsg_put_header(buffer);
	nlh->nlmsg_type = RTM_NEWTFILTER;
	m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
	m->tcm_handle = handle;
	m->tcm_info = TC_H_MAKE(7u << 16, 0);
	m->tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS);
	mnl_attr_put_strz(nlh, TCA_KIND, kind);
	options = mnl_attr_nest_start(nlh, TCA_OPTIONS);
}

static void begin_actions(u16 type)
{
	actions = mnl_attr_nest_start(nlh, type);
}

static void action(u16 order, const char *kind, u16 type, const void *parameters, size_t size)
{
	struct nlattr *a = mnl_attr_nest_start(nlh, order), *o;

	mnl_attr_put_strz(nlh, TCA_ACT_KIND, kind);
	o = mnl_attr_nest_start(nlh, TCA_ACT_OPTIONS | NLA_F_NESTED);
	mnl_attr_put(nlh, type, size, parameters);
	mnl_attr_nest_end(nlh, o);
	mnl_attr_nest_end(nlh, a);
}

static int end(bool with_actions)
{
	if (with_actions)
		mnl_attr_nest_end(nlh, actions);
	mnl_attr_nest_end(nlh, options);
	return tc_parse(nlh, &f, &err);
}

static const struct tc_mirred mirred = {.eaction = TCA_EGRESS_REDIR, .ifindex = 3};

/* Under each kind's own attribute. */
static void test_mirred(void **state)
{
	static const struct {
		const char *kind;
		u16 type;
	} kinds[] = {{"u32", TCA_U32_ACT},	     {"flower", TCA_FLOWER_ACT},
		     {"matchall", TCA_MATCHALL_ACT}, {"bpf", TCA_BPF_ACT},
		     {"basic", TCA_BASIC_ACT},	     {"fw", TCA_FW_ACT},
		     {"cgroup", TCA_CGROUP_ACT},     {"flow", TCA_FLOW_ACT},
		     {"route", TCA_ROUTE4_ACT}};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		begin(kinds[i].kind, 0x80000800);
		begin_actions(kinds[i].type);
		action(1, "mirred", TCA_MIRRED_PARMS, &mirred, sizeof(mirred));
		assert_int_equal(end(true), 1);
		assert_string_equal(f.kind, kinds[i].kind);
		assert_true(f.sends_elsewhere && f.device == 3 && !f.only_drops);
		assert_int_equal(tc_priority(&f), 7);
		assert_true(f.program == (strcmp(f.kind, "bpf") == 0));
	}
}

/* A drop behind something else is not all that it does. */
static void test_drops(void **state)
{
	struct tc_gact shot = {.action = TC_ACT_SHOT}, pass = {.action = TC_ACT_OK};

	(void)state;
	begin("u32", 0x80000800);
	begin_actions(TCA_U32_ACT);
	action(1, "gact", TCA_GACT_PARMS, &shot, sizeof(shot));
	assert_int_equal(end(true), 1);
	assert_true(f.only_drops && !f.sends_elsewhere);
	begin("u32", 0x80000800);
	begin_actions(TCA_U32_ACT);
	action(1, "gact", TCA_GACT_PARMS, &pass, sizeof(pass));
	assert_int_equal(end(true), 1);
	assert_false(f.only_drops);
	begin("u32", 0x80000800);
	begin_actions(TCA_U32_ACT);
	action(1, "mirred", TCA_MIRRED_PARMS, &mirred, sizeof(mirred));
	action(2, "gact", TCA_GACT_PARMS, &shot, sizeof(shot));
	assert_int_equal(end(true), 1);
	assert_true(!f.only_drops && f.sends_elsewhere);
}

static void test_programs(void **state)
{
	(void)state;
	begin("bpf", 1);
	mnl_attr_put_strz(nlh, TCA_BPF_NAME, "wgfence:q");
	assert_int_equal(end(false), 1);
	assert_true(f.program);
	assert_string_equal(f.label, "wgfence:q");
	begin("matchall", 1);
	begin_actions(TCA_MATCHALL_ACT);
	action(1, "bpf", 2, "", 1);
	assert_int_equal(end(true), 1);
	assert_true(f.program && !f.sends_elsewhere);
}

/* A priority without a filter; a hash table of u32. */
static void test_none(void **state)
{
	(void)state;
	begin("bpf", 0);
	assert_int_equal(end(false), 0);
	begin("u32", 0x80000000);
	assert_int_equal(end(false), 0);
	begin("u32", 0x80000800);
	assert_int_equal(end(false), 1);
}

static void test_cut(void **state)
{
	u32 whole;

	(void)state;
	begin("u32", 0x80000800);
	begin_actions(TCA_U32_ACT);
	action(1, "mirred", TCA_MIRRED_PARMS, &mirred, sizeof(mirred));
	end(true);
	whole = nlh->nlmsg_len;
	for (u32 len = NLMSG_HDRLEN; len < whole; len++) {
		struct nlmsghdr *copy = malloc(len);

		assert_non_null(copy);
		memcpy(copy, buffer, len);
		copy->nlmsg_len = len;
		assert_true(tc_parse(copy, &f, &err) <= 0);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mirred),	 cmocka_unit_test(test_drops),
		cmocka_unit_test(test_programs), cmocka_unit_test(test_none),
		cmocka_unit_test(test_cut),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
