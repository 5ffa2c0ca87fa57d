// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model of `top`: rates, histories, order, filters, pause and keys.
 */
#include "events.h"
#include "noise.h"
#include "states.h"
#include "top_fences.h"
#include "top_keys.h"
#include "words.h"

static struct top top;
static struct state now;

static int set_up(void **state)
{
	(void)state;
	memset(&top, 0, sizeof(top));
	top_begin(&top, "q");
	a_state(&now);
	top_take_state(&top, &now);
	return 0;
}

static void later(unsigned seconds)
{
	now.now += seconds * SECOND;
	top_take_state(&top, &now);
}

static void take(const struct wgf_event *e)
{
	struct event_line l = {.told = tell(e, "eth0")};

	top_take_event(&top, &l);
}

static void press(const char *keys)
{
	for (; *keys; keys++)
		assert_int_equal(top_press(&top, *keys), TOP_STAY);
}

static void test_rates(void **state)
{
	(void)state;
	assert_true(top.reasons[WGF_PAST_TUNNEL_IPV4].rate ==
		    0); /* of a first state none is known */
	assert_int_equal(top.reasons[WGF_PAST_TUNNEL_IPV4].total, 40);
	assert_int_equal(top.n_samples, 0);
	count_at(&now, WGF_EGRESS, WGF_PAST_TUNNEL_IPV4)->packets += 10;
	count_at(&now, WGF_CONNECT, WGF_PAST_TUNNEL_IPV4)->packets += 2;
	count_at(&now, WGF_EGRESS, WGF_TUNNEL)->bytes += 4096;
	count_at(&now, WGF_INGRESS, WGF_TUNNEL)->bytes += 8192;
	later(4);
	assert_true(top.reasons[WGF_PAST_TUNNEL_IPV4].rate == 3);
	assert_true(top.out == 1024 && top.in == 2048);
	assert_true(top_blocked_rate(&top, false) == 3 && top_blocked_rate(&top, true) == 0);
	assert_int_equal(top_blocked(&top, false), 54);
	assert_int_equal(top_blocked(&top, true), 307);
	assert_int_equal(top.n_samples, 1);
	assert_true(top.reasons[WGF_PAST_TUNNEL_IPV4].history[0] == 3);
	top_take_state(&top, &now); /* the same answer again tells nothing */
	assert_int_equal(top.n_samples, 1);
}

/* A fence that was taken down and put up counts from 0: no rate, and none of 2^64. */
static void test_counters_begin_anew(void **state)
{
	(void)state;
	memset(&now.counters, 0, sizeof(now.counters));
	later(1);
	for (unsigned r = 0; r < WGF_N_REASONS; r++)
		assert_true(top.reasons[r].rate == 0);
	assert_int_equal(top_blocked(&top, false), 0);
	now.now = 0; /* a clock that went back */
	count_at(&now, WGF_EGRESS, WGF_DNS)->packets = 5;
	top_take_state(&top, &now);
	assert_true(top.reasons[WGF_DNS].rate == 0);
}

static void test_history_goes_round(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= TOP_HISTORY + 5; i++) {
		count_at(&now, WGF_EGRESS, WGF_DNS)->packets += i;
		later(1);
	}
	assert_int_equal(top.n_samples, TOP_HISTORY + 5);
	assert_true(top.reasons[WGF_DNS].history[(top.n_samples - 1) % TOP_HISTORY] ==
		    TOP_HISTORY + 5);
	assert_true(top.reasons[WGF_DNS].history[top.n_samples % TOP_HISTORY] == 6);
}

/* The table, in words: who changes it changes this. */
static void test_noise(void **state)
{
	char text[512] = "";

	(void)state;
	for (unsigned r = 0; r < WGF_N_REASONS; r++) {
		if (reason_is_noise(r))
			sprintf(text + strlen(text), " %s", reasons[r].label);
		assert_false(reason_is_noise(r) && reasons[r].allows);
	}
	assert_string_equal(text, " port_mapping local_discovery multicast broadcast "
				  "unexpected_inbound multicast_join bind_refused");
}

static void assert_reasons(const char *wanted)
{
	char text[512] = "";
	u8 list[WGF_N_REASONS];
	unsigned real, n = top_list_reasons(&top, list, &real);

	for (unsigned i = 0; i < n; i++)
		sprintf(text + strlen(text), "%s%s", i == real ? "| " : "", reasons[list[i]].label),
			strcat(text, " ");
	assert_string_equal(text, wanted);
}

static void test_sort(void **state)
{
	(void)state;
	count_at(&now, WGF_CONNECT, WGF_LOOPBACK)->packets += 5;
	later(1);
	assert_reasons("loopback past_tunnel_ipv4 | local_discovery bind_refused ");
	press("s");
	assert_reasons("past_tunnel_ipv4 loopback | local_discovery bind_refused ");
	press("s");
	assert_reasons("loopback past_tunnel_ipv4 | bind_refused local_discovery ");
	press("n");
	assert_reasons("loopback past_tunnel_ipv4 ");
	press("n/disc\n");
	assert_reasons("| local_discovery ");
}

static void test_filter(void **state)
{
	const struct top_event *events[TOP_EVENTS];
	const struct flow *flows[STATE_FLOWS];
	struct wgf_event e = a_packet();

	(void)state;
	take(&e);
	e = a_call(WGF_CONNECT, WGF_LOOPBACK);
	take(&e);
	assert_int_equal(top_list_events(&top, events), 2);
	assert_string_equal(events[0]->text,
			    "01:02:03 curl[7] connect ipv4 tcp 127.0.0.1:80: loopback");
	assert_int_equal(top_list_flows(&top, flows), 2);
	assert_int_equal(flows[0]->value.count, 300);
	press("/QBITT\n"); /* whatever the case */
	assert_int_equal(top_list_events(&top, events), 1);
	assert_int_equal(top_list_flows(&top, flows), 2);
	press("/");
	assert_int_equal(top_press(&top, TOP_ESC), TOP_STAY);
	press("/203.0.\n");
	assert_int_equal(top_list_flows(&top, flows), 1);
	top_press(&top, TOP_ESC);
	assert_int_equal(top_list_events(&top, events), 2);
	press("/");
	for (int i = 0; i < 100; i++)
		press("x");
	assert_int_equal(strlen(top.filter), TOP_FILTER - 1);
	for (int i = 0; i < 100; i++)
		top_press(&top, TOP_ERASE);
	press("\nn");
	assert_int_equal(top_list_flows(&top, flows), 1);
}

static void test_pause(void **state)
{
	struct wgf_event e = a_packet();

	(void)state;
	press("p");
	take(&e);
	count_at(&now, WGF_EGRESS, WGF_DNS)->packets += 8;
	later(2);
	assert_int_equal(top.n_events, 0);
	assert_int_equal(top.unseen, 1);
	assert_int_equal(top.reasons[WGF_DNS].total, 0);
	press("p");
	later(2);
	assert_true(top.reasons[WGF_DNS].rate == 2); /* over all of the pause */
	take(&e);
	assert_int_equal(top.n_events, 1);
}

/* Many more than fit; what is looked at stays under the eye. */
static void test_many_events(void **state)
{
	const struct top_event *events[TOP_EVENTS];
	struct wgf_event e = a_packet();

	(void)state;
	for (unsigned i = 0; i < 10 * TOP_EVENTS; i++) {
		e.count = i + 1;
		take(&e);
	}
	assert_int_equal(top_list_events(&top, events), TOP_EVENTS);
	assert_int_equal(events[0]->told.event.count, 10 * TOP_EVENTS);
	press("\tjj");
	assert_int_equal(top.at[TOP_LATEST], 2);
	take(&e);
	assert_int_equal(top.at[TOP_LATEST], 3);
	top_press(&top, TOP_END);
	assert_int_equal(top.at[TOP_LATEST], TOP_EVENTS - 1);
	top_press(&top, TOP_DOWN);
	assert_int_equal(top.at[TOP_LATEST], TOP_EVENTS - 1);
	top_press(&top, TOP_HOME);
	top_press(&top, TOP_UP);
	assert_int_equal(top.at[TOP_LATEST], 0);
	press("\n");
	assert_true(top.whole && top.entry.there);
	assert_int_equal(top.entry.event.told.event.count, 10 * TOP_EVENTS);
}

/* No key, in any order, leads out of what is there. */
static void test_any_keys(void **state)
{
	struct wgf_event e = a_packet();
	u64 random = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		random = random * 6364136223846793005ULL + 1442695040888963407ULL;
		top_press(&top, (int)(random >> 33) % 0x110);
		if (i % 7 == 0)
			take(&e);
		assert_true(top.at[TOP_REASONS] < WGF_N_REASONS);
		assert_true(top.at[TOP_FLOWS] < STATE_FLOWS);
		assert_true(strlen(top.filter) < TOP_FILTER);
	}
}

static void test_other_fence(void **state)
{
	char names[3][8] = {"a", "b", "c"}, *v[] = {names[0], names[1], names[2], NULL};
	struct list three = {v, 3}, none = {NULL, 0};

	(void)state;
	press("sn\t");
	top_begin(&top, "r");
	assert_false(top.known);
	assert_int_equal(top.n_events + top.n_samples, 0);
	assert_true(top.no_noise && top.sort == TOP_BY_TOTAL && top.panel == TOP_LATEST);
	assert_string_equal(top_fence_beside(&three, "b", 1), "c");
	assert_string_equal(top_fence_beside(&three, "c", 1), "a");
	assert_string_equal(top_fence_beside(&three, "a", -1), "c");
	assert_string_equal(top_fence_beside(&three, "bb", 1), "c");
	assert_string_equal(top_fence_beside(&three, "bb", -1), "b");
	assert_string_equal(top_fence_beside(&three, "0", -1), "c");
	assert_string_equal(top_fence_beside(&three, "z", 1), "a");
	assert_string_equal(top_fence_beside(&none, "z", 1), "z");
	assert_int_equal(top_press(&top, 'f'), TOP_NEXT_FENCE);
	assert_int_equal(top_press(&top, 'F'), TOP_PREVIOUS_FENCE);
	assert_int_equal(top_press(&top, 'q'), TOP_QUIT);
	press("/q");
	assert_string_equal(top.filter, "q");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rates, set_up),
		cmocka_unit_test_setup(test_counters_begin_anew, set_up),
		cmocka_unit_test_setup(test_history_goes_round, set_up),
		cmocka_unit_test_setup(test_noise, set_up),
		cmocka_unit_test_setup(test_sort, set_up),
		cmocka_unit_test_setup(test_filter, set_up),
		cmocka_unit_test_setup(test_pause, set_up),
		cmocka_unit_test_setup(test_many_events, set_up),
		cmocka_unit_test_setup(test_any_keys, set_up),
		cmocka_unit_test_setup(test_other_fence, set_up),
	};

	setenv("TZ", "UTC", 1);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
