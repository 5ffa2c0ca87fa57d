// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Prometheus text: what scripts and dashboards rely on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "metrics.h"
#include "words.h"

static struct wgf_counters counters, others;

static int clear(void **state)
{
	(void)state;
	memset(&counters, 0, sizeof(counters));
	memset(&others, 0, sizeof(others));
	return 0;
}

static char *text_of(const struct metrics *fences, unsigned n)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	metrics_print(f, fences, n);
	fclose(f);
	return text;
}

/* The text of one fence named q with `counters`. */
static char *text_of_q(void)
{
	const struct metrics q = {"q", true, true, &counters, {0}, true};

	return text_of(&q, 1);
}

static unsigned lines_with(const char *text, const char *begin)
{
	unsigned n = strncmp(text, begin, strlen(begin)) == 0;

	for (const char *at = text; (at = strchr(at, '\n')); at++)
		n += strncmp(at + 1, begin, strlen(begin)) == 0;
	return n;
}

/* A whole line, once. */
static void assert_line(const char *text, const char *line)
{
	char with_end[256];

	snprintf(with_end, sizeof(with_end), "%s\n", line);
	if (lines_with(text, with_end) != 1)
		fail_msg("%u times: %s", lines_with(text, with_end), line);
}

static void test_values(void **state)
{
	char *text;

	(void)state;
	counters.of[WGF_ENFORCE][WGF_EGRESS][WGF_IPV4][WGF_PAST_TUNNEL_IPV4] =
		(struct wgf_count){3, 180};
	counters.of[WGF_ENFORCE][WGF_INGRESS][WGF_IPV6][WGF_UNEXPECTED_INBOUND] =
		(struct wgf_count){4, 240};
	counters.of[WGF_AUDIT][WGF_EGRESS][WGF_IPV6][WGF_DNS] = (struct wgf_count){5, 300};
	counters.of[WGF_ENFORCE][WGF_EGRESS][WGF_IPV4][WGF_TUNNEL] = (struct wgf_count){6, 360};
	counters.of[WGF_ENFORCE][WGF_INGRESS][WGF_IPV4][WGF_WEBUI] = (struct wgf_count){7, 420};
	counters.of[WGF_ENFORCE][WGF_EGRESS][WGF_IPV6][WGF_RULE] =
		(struct wgf_count){~0ULL, ~0ULL - 1};
	counters.of[WGF_ENFORCE][WGF_CONNECT][WGF_IPV4][WGF_LOOPBACK].packets = 8;
	counters.of[WGF_ENFORCE][WGF_SOCK_CREATE][WGF_IPV6][WGF_SOCKET_TYPE].packets = 9;
	counters.of[WGF_AUDIT][WGF_BIND][WGF_IPV4][WGF_BIND_REFUSED].packets = 10;
	counters.of[WGF_ENFORCE][WGF_UNIX][WGF_FAMILY_UNKNOWN][WGF_UNIX_SOCKET].packets = 11;
	text = text_of_q();
#define DROPPED_V4 "{fence=\"q\",direction=\"egress\",family=\"ipv4\",reason=\"past_tunnel_ipv4\"}"
#define DROPPED_V6 \
	"{fence=\"q\",direction=\"ingress\",family=\"ipv6\",reason=\"unexpected_inbound\"}"
#define WOULD  "{fence=\"q\",direction=\"egress\",family=\"ipv6\",reason=\"dns\"}"
#define TUNNEL "{fence=\"q\",direction=\"egress\",family=\"ipv4\",class=\"tunnel\"}"
#define WEBUI  "{fence=\"q\",direction=\"ingress\",family=\"ipv4\",class=\"webui\"}"
#define RULE   "{fence=\"q\",direction=\"egress\",family=\"ipv6\",class=\"rule\"}"
	assert_line(text, "wgfence_dropped_packets_total" DROPPED_V4 " 3");
	assert_line(text, "wgfence_dropped_bytes_total" DROPPED_V4 " 180");
	assert_line(text, "wgfence_dropped_packets_total" DROPPED_V6 " 4");
	assert_line(text, "wgfence_dropped_bytes_total" DROPPED_V6 " 240");
	assert_line(text, "wgfence_would_drop_packets_total" WOULD " 5");
	assert_line(text, "wgfence_would_drop_bytes_total" WOULD " 300");
	assert_line(text, "wgfence_dropped_packets_total" WOULD " 0");
	assert_line(text, "wgfence_would_drop_packets_total" DROPPED_V4 " 0");
	assert_line(text, "wgfence_allowed_packets_total" TUNNEL " 6");
	assert_line(text, "wgfence_allowed_bytes_total" TUNNEL " 360");
	assert_line(text, "wgfence_allowed_packets_total" WEBUI " 7");
	assert_line(text, "wgfence_allowed_bytes_total" WEBUI " 420");
	assert_line(text, "wgfence_allowed_packets_total" RULE " 18446744073709551615");
	assert_line(text, "wgfence_allowed_bytes_total" RULE " 18446744073709551614");
	assert_line(text, "wgfence_refused_calls_total{fence=\"q\",call=\"connect\","
			  "family=\"ipv4\",reason=\"loopback\"} 8");
	assert_line(text, "wgfence_refused_calls_total{fence=\"q\",call=\"socket\","
			  "family=\"ipv6\",reason=\"socket_type\"} 9");
	assert_line(text, "wgfence_would_refuse_calls_total{fence=\"q\",call=\"bind\","
			  "family=\"ipv4\",reason=\"bind_refused\"} 10");
	assert_line(text, "wgfence_refused_calls_total{fence=\"q\",call=\"unix\","
			  "family=\"unix\",reason=\"unix_socket\"} 11");
	free(text);
}

static void test_events(void **state)
{
	const struct metrics fences[] = {{"a", true, true, &counters, {0}, true},
					 {"b", true, true, &others, {0}, true}};
	char *text;

	(void)state;
	counters.records[WGF_SENT] = 1;
	counters.records[WGF_FLOW_LIMITED] = 2;
	counters.records[WGF_RATE_LIMITED] = 3;
	counters.records[WGF_RING_FULL] = 4;
	others.records[WGF_SENT] = 5;
	text = text_of(fences, 2);
	assert_line(text, "wgfence_events_total{fence=\"a\"} 1");
	assert_line(text, "wgfence_events_total{fence=\"b\"} 5");
	assert_line(text, "wgfence_events_not_sent_total{fence=\"a\",cause=\"flow\"} 2");
	assert_line(text, "wgfence_events_not_sent_total{fence=\"a\",cause=\"rate\"} 3");
	assert_line(text, "wgfence_events_not_sent_total{fence=\"a\",cause=\"ring\"} 4");
	assert_line(text, "wgfence_events_not_sent_total{fence=\"b\",cause=\"flow\"} 0");
	free(text);
}

static void test_gauges(void **state)
{
	const struct metrics fences[] = {{"a", true, false, &counters, {0}, true},
					 {"b", false, true, &others, {0}, true}};
	char *text = text_of(fences, 2);

	(void)state;
	assert_line(text, "wgfence_enforced{fence=\"a\"} 1");
	assert_line(text, "wgfence_enforced{fence=\"b\"} 0");
	assert_line(text, "wgfence_tunnel_up{fence=\"a\"} 0");
	assert_line(text, "wgfence_tunnel_up{fence=\"b\"} 1");
	free(text);
}

/* The series of unix sockets: of no family that others have, and only where there are hooks. */
static void test_unix(void **state)
{
	const struct metrics without = {"q", true, true, &counters, {0}, false};
	char *text = text_of_q(), *text_without = text_of(&without, 1);

	(void)state;
	assert_int_equal(lines_with(text, "wgfence_refused_calls_total{fence=\"q\",call=\"unix\","
					  "family=\"unix\","),
			 2);
	assert_int_equal(lines_with(text, "wgfence_refused_calls_total{fence=\"q\",call=\"unix\","),
			 2);
	assert_int_equal(
		lines_with(text, "wgfence_would_refuse_calls_total{fence=\"q\",call=\"unix\","), 2);
	assert_null(strstr(text_without, "call=\"unix\""));
	free(text);
	free(text_without);
}

static void test_state(void **state)
{
	const struct metrics fences[] = {
		{"a",
		 true,
		 true,
		 &counters,
		 {.has_policy = true,
		  .mode = WGF_ENFORCE,
		  .generation = 7,
		  .has_handshake = true,
		  .has_traffic = true,
		  .handshake = 1700000000ULL * 1000000000,
		  .received = 8,
		  .sent = ~0ULL,
		  .last_drop = 1700000001234999999ULL,
		  .now = 1700000002000000000ULL,
		  .daemon = DAEMON_RUNS},
		 true},
		{"b",
		 true,
		 true,
		 &others,
		 {.has_policy = true, .mode = WGF_AUDIT, .daemon = DAEMON_ENDED},
		 true},
		{"c", false, false, &others, {0}, true}};
	char *text = text_of(fences, 3);

	(void)state;
	assert_line(text, "wgfence_policy_generation{fence=\"a\"} 7");
	assert_line(text, "wgfence_tunnel_last_handshake_timestamp_seconds{fence=\"a\"} "
			  "1700000000.000");
	assert_line(text, "wgfence_tunnel_receive_bytes_total{fence=\"a\"} 8");
	assert_line(text, "wgfence_tunnel_transmit_bytes_total{fence=\"a\"} 18446744073709551615");
	assert_line(text, "wgfence_last_drop_timestamp_seconds{fence=\"a\"} 1700000001.234");
	assert_line(text, "wgfence_last_drop_timestamp_seconds{fence=\"b\"} 0.000");
	assert_line(text, "wgfence_last_write_timestamp_seconds{fence=\"a\"} 1700000002.000");
	assert_line(text, "wgfence_mode{fence=\"a\",mode=\"enforce\"} 1");
	assert_line(text, "wgfence_mode{fence=\"a\",mode=\"audit\"} 0");
	assert_line(text, "wgfence_mode{fence=\"b\",mode=\"enforce\"} 0");
	assert_line(text, "wgfence_mode{fence=\"b\",mode=\"audit\"} 1");
	assert_line(text, "wgfence_mode{fence=\"c\",mode=\"enforce\"} 0");
	assert_line(text, "wgfence_daemon_up{fence=\"a\"} 1");
	assert_line(text, "wgfence_daemon_up{fence=\"b\"} 0");
	/* What nobody knows is not there: no 0 that would be taken for one. */
	assert_int_equal(lines_with(text, "wgfence_daemon_up{"), 2);
	assert_int_equal(lines_with(text, "wgfence_tunnel_last_handshake_timestamp_seconds{"), 1);
	assert_int_equal(lines_with(text, "wgfence_tunnel_transmit_bytes_total{"), 1);
	assert_int_equal(lines_with(text, "wgfence_build_info{fence="), 3);
	free(text);
}

/* A label that two files have in common would make the node exporter refuse both. */
static void test_every_series_has_its_fence(void **state)
{
	char *text = text_of_q(), *save;

	(void)state;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (*line != '#')
			assert_non_null(strstr(line, "{fence=\"q\""));
	free(text);
}

/*
 * Both families of each reason where it can occur, and no other: counted here in another way. Unix
 * sockets, and options of packet sockets, have one family, the unknown.
 */
static unsigned expected(bool packets)
{
	unsigned n = 0;

	for (unsigned hook = 0; hook < WGF_N_HOOKS; hook++)
		for (unsigned r = 0; r < WGF_N_REASONS; r++)
			if (!reasons[r].allows && reasons[r].where & 1U << hook &&
			    (hook <= WGF_INGRESS || hook == WGF_GUARD) == packets)
				n += hook == WGF_UNIX || (hook == WGF_SETSOCKOPT &&
							  r == WGF_PACKET_SOCKET)
					     ? 1
					     : 2;
	return n;
}

static void test_complete_at_zero(void **state)
{
	char *text = text_of_q();
	unsigned drops = expected(true), calls = expected(false);

	(void)state;
	assert_true(drops > 40 && calls > 20);
	assert_int_equal(lines_with(text, "wgfence_dropped_packets_total{"), drops);
	assert_int_equal(lines_with(text, "wgfence_dropped_bytes_total{"), drops);
	assert_int_equal(lines_with(text, "wgfence_would_drop_packets_total{"), drops);
	assert_int_equal(lines_with(text, "wgfence_would_drop_bytes_total{"), drops);
	assert_int_equal(lines_with(text, "wgfence_allowed_packets_total{"), 2 * 2 * 3);
	assert_int_equal(lines_with(text, "wgfence_allowed_bytes_total{"), 2 * 2 * 3);
	assert_int_equal(lines_with(text, "wgfence_refused_calls_total{"), calls);
	assert_int_equal(lines_with(text, "wgfence_would_refuse_calls_total{"), calls);
	assert_int_equal(lines_with(text, "wgfence_enforced{"), 1);
	assert_int_equal(lines_with(text, "wgfence_tunnel_up{"), 1);
	assert_int_equal(
		lines_with(text, "wgfence_dropped_packets_total{fence=\"q\",direction=\"guard\""),
		2 * 2);
	assert_line(text, "wgfence_refused_calls_total{fence=\"q\",call=\"unix\",family=\"unix\","
			  "reason=\"unix_socket\"} 0");
	assert_line(text, "wgfence_refused_calls_total{fence=\"q\",call=\"setsockopt\",family="
			  "\"unknown\",reason=\"packet_socket\"} 0");
	assert_null(strstr(text, "direction=\"egress\",family=\"unknown\""));
	free(text);
}

/* What should never occur is shown where it did. */
static void test_unforeseen(void **state)
{
	char *text;

	(void)state;
	counters.of[WGF_ENFORCE][WGF_INGRESS][WGF_FAMILY_UNKNOWN][WGF_MALFORMED].packets = 1;
	counters.of[WGF_ENFORCE][WGF_INGRESS][WGF_IPV4][WGF_WRONG_SOURCE].packets = 2;
	text = text_of_q();
	assert_line(text, "wgfence_dropped_packets_total{fence=\"q\",direction=\"ingress\","
			  "family=\"unknown\",reason=\"malformed\"} 1");
	assert_line(text, "wgfence_dropped_packets_total{fence=\"q\",direction=\"ingress\","
			  "family=\"ipv4\",reason=\"wrong_source\"} 2");
	assert_int_equal(lines_with(text, "wgfence_dropped_packets_total{"), expected(true) + 2);
	assert_int_equal(lines_with(text, "wgfence_dropped_bytes_total{"), expected(true));
	free(text);
}

static void test_escapes(void **state)
{
	const struct metrics odd = {"a\\b\"c\nd", true, true, &counters, {0}, true};
	char *text = text_of(&odd, 1);

	(void)state;
	assert_line(text, "wgfence_enforced{fence=\"a\\\\b\\\"c\\nd\"} 1");
	free(text);
}

/* The name that a line is about: behind "# HELP " or "# TYPE ", or at its begin. */
static void name_of(const char *line, char out[64])
{
	snprintf(out, 64, "%.*s", (int)strcspn(*line == '#' ? line + 7 : line, " {\n"),
		 *line == '#' ? line + 7 : line);
}

/*
 * The format's grammar of groups: HELP, TYPE, then all samples of one name, for all fences, and
 * never that name again; no series twice.
 */
static void test_groups(void **state)
{
	const struct metrics fences[] = {{"a", true, true, &counters, {0}, true},
					 {"b", true, true, &others, {0}, true}};
	char *text = text_of(fences, 2), *save, *series[2048], name[64], group[64] = "";
	unsigned n = 0, groups = 0;

	(void)state;
	assert_int_equal(text[strlen(text) - 1], '\n');
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		name_of(line, name);
		if (strncmp(line, "# HELP ", 7) == 0) {
			strcpy(group, name);
			assert_int_equal(line[strlen(line) - 1], '.');
			line = strtok_r(NULL, "\n", &save);
			name_of(line, name);
			assert_int_equal(strncmp(line, "# TYPE ", 7), 0);
			assert_string_equal(name, group);
			assert_string_equal(strrchr(line, ' '),
					    strstr(name, "_total") ? " counter" : " gauge");
			groups++;
		} else {
			assert_string_equal(name, group);
			*strrchr(line, ' ') = '\0';
		}
		for (unsigned i = 0; i < n; i++)
			assert_string_not_equal(line, series[i]);
		assert_true(n < 2048);
		series[n++] = line;
	}
	assert_int_equal(groups, 21);
	free(text);
}

static void test_no_fence(void **state)
{
	char *text = text_of(NULL, 0);

	(void)state;
	assert_int_equal(lines_with(text, "# TYPE "), 21);
	assert_null(strchr(text, '{'));
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_values, clear),
		cmocka_unit_test_setup(test_gauges, clear),
		cmocka_unit_test_setup(test_events, clear),
		cmocka_unit_test_setup(test_state, clear),
		cmocka_unit_test_setup(test_every_series_has_its_fence, clear),
		cmocka_unit_test_setup(test_complete_at_zero, clear),
		cmocka_unit_test_setup(test_unix, clear),
		cmocka_unit_test_setup(test_unforeseen, clear),
		cmocka_unit_test_setup(test_escapes, clear),
		cmocka_unit_test_setup(test_groups, clear),
		cmocka_unit_test_setup(test_no_fence, clear),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
