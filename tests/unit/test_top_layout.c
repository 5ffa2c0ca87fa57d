// SPDX-License-Identifier: GPL-2.0-only
/*
 * The screen of `top` in memory: at each size all of it is there, in place, and nothing steers a
 * terminal.
 */
#include "events.h"
#include "random.h"
#include "states.h"
#include "top_keys.h"
#include "top_layout.h"
#include "top_table.h"

#define NOW 1795654923 /* 01:02:03 */

static struct top top;
static struct state now;
static struct canvas canvas;

static int set_up(void **state)
{
	struct wgf_event e = a_packet();
	struct event_line l = {.told = tell(&e, "eth0")};

	(void)state;
	memset(&top, 0, sizeof(top));
	canvas = (struct canvas){.rows = 24, .cols = 80};
	top_begin(&top, "q");
	a_state(&now);
	top_take_state(&top, &now);
	for (unsigned i = 1; i <= 8; i++) {
		now.now += SECOND;
		count_at(&now, WGF_EGRESS, WGF_PAST_TUNNEL_IPV4)->packets += i % 4;
		top_take_state(&top, &now);
	}
	top_take_event(&top, &l);
	return 0;
}

/* A row, without the blanks at its end; what is no ASCII as #. */
static const char *row(int i)
{
	static char text[CANVAS_MAX_COLS + 1];
	int n = 0;

	for (int col = 0; col < canvas.cols; col++) {
		u16 c = canvas.cells[i][col].c;

		text[col] = '#';
		if (c < 0x80)
			text[col] = (char)c;
		if (c != ' ')
			n = col + 1;
	}
	text[n] = '\0';
	return text;
}

static void draw(int rows, int cols)
{
	canvas.rows = rows;
	canvas.cols = cols;
	top_layout(&top, NOW, &canvas);
}

static const char *const screen[] = {
	"wgfence top  q: enforced                                                01:02:03",
	"tunnel   wg0 up, handshake 23 s ago, policy 12",
	"cgroup   /wgfence.slice/wgfence-q.slice (running)",
	"carried  out 0B/s (1.0MB)  in 0B/s (5.0MB)  WebUI 0, rules 0 packets",
	"blocked  54 attempts, 0/s  expected noise 307, 0/s",
	"> Blocked, by reason (4)                      total  a second    history",
	"  past the tunnel (IPv4)                         52         0    -+% -+%",
	"  loopback                                        2         0",
	"  expected noise",
	"  local discovery                               300         0",
	"  bind to an address outside the tunnel           7         0",
	"  Latest (1)",
	"  01:02:03 past_tunnel_ipv4   qbittorrent-nox[123] > 203.0.113.7:6881",
};

static void test_small(void **state)
{
	(void)state;
	draw(24, 80);
	for (size_t i = 0; i < sizeof(screen) / sizeof(screen[0]); i++)
		assert_string_equal(row((int)i), screen[i]);
	assert_string_equal(row(19), "  Dropped most, by flow (2)");
	assert_string_equal(row(20),
			    "     300 local_discovery    qbittorrent-nox[123] > 192.168.1.9:6881");
	assert_true(strstr(row(23), "q quit  h help") == row(23));
}

static void test_large(void **state)
{
	(void)state;
	canvas.blocks = true;
	draw(50, 200);
	assert_string_equal(row(6) + 65, "### ###");
	assert_int_equal(canvas.cells[6][67].c, 0x2588);
	assert_int_equal(canvas.cells[6][68].c, ' ');
	assert_string_equal(row(12),
			    "  01:02:03 qbittorrent-nox[123] egress ipv4 udp 192.168.1.5:6881 > "
			    "203.0.113.7:6881 by eth0: past the tunnel (IPv4)");
	assert_true(strstr(row(49), "q quit") == row(49));
}

static void test_too_small(void **state)
{
	(void)state;
	draw(23, 80);
	assert_string_equal(row(1), "80x23 is too small,");
	draw(24, 79);
	assert_string_equal(row(2), "it needs 80x24");
	for (int rows = 0; rows < 30; rows++)
		for (int cols = 0; cols < 90; cols++)
			draw(rows, cols);
	draw(5000, 5000);
	assert_int_equal(canvas.rows, CANVAS_MAX_ROWS);
	assert_int_equal(canvas.cols, CANVAS_MAX_COLS);
}

/* Whatever a process, an interface or a daemon calls itself; whatever is pressed; at any size. */
static void test_hostile(void **state)
{
	struct wgf_event e = a_packet();
	struct event_line l;

	(void)state;
	memset(e.who.comm, '\033', sizeof(e.who.comm));
	l.told = tell(&e, "\033[2J");
	memset(now.missing, '\033', sizeof(now.missing) - 1);
	memset(now.cgroup, '\n', sizeof(now.cgroup) - 1);
	memset(now.tunnel, '\x9b', sizeof(now.tunnel) - 1);
	memset(now.flows[0].value.who.comm, '\007', WGF_COMM);
	for (int i = 0; i < 3000; i++) {
		now.now += SECOND;
		top_take_state(&top, &now);
		top_take_event(&top, &l);
		top_press(&top, (int)random_below(0x110));
		draw(24 + (int)random_below(60), 80 + (int)random_below(200));
		for (int r = 0; r < canvas.rows; r++)
			for (int c = 0; c < canvas.cols; c++)
				assert_true(canvas.cells[r][c].c >= 0x20 &&
					    canvas.cells[r][c].c <= 0x7e);
	}
}

static void test_not_well(void **state)
{
	(void)state;
	strcpy(top.problem, "the daemon is gone");
	draw(24, 80);
	assert_string_equal(row(2), "the daemon is gone");
	now.whole = now.tunnel_up = false;
	now.now += SECOND;
	strcpy(now.missing, "the link egress is not there");
	top_take_state(&top, &now);
	draw(24, 80);
	assert_true(strstr(row(0), "q: NOT WHOLE"));
	assert_string_equal(
		row(1), "tunnel   wg0 DOWN, still in the policy, handshake 23 s ago, policy 12");
	assert_string_equal(row(2), "the link egress is not there");
}

static void test_whole(void **state)
{
	(void)state;
	top_press(&top, '\n');
	draw(24, 80);
	assert_string_equal(row(6), "  past_tunnel_ipv4");
	assert_string_equal(
		row(7), "  IPv4 by another interface than the tunnel: without the fence, a leak.");
	assert_string_equal(row(9), "  egress     ipv4              52 packets, 4000 bytes");
	top_press(&top, TOP_ESC);
	top_press(&top, '\t');
	top_press(&top, '\n');
	draw(24, 80);
	assert_string_equal(row(7), "  881 by eth0: past the tunnel (IPv4)");
	assert_string_equal(row(8), "  process 123, user 1000");
	top_press(&top, 'h');
	draw(24, 80);
	assert_string_equal(row(5), "  Help: any key goes back");
}

/* More entries than rows: the chosen one is always in sight. */
static void test_scroll(void **state)
{
	unsigned chosen;

	(void)state;
	for (unsigned r = 0; r < WGF_N_REASONS; r++)
		count_at(&now, WGF_EGRESS, r)->packets += r + 1;
	now.now += SECOND;
	top_take_state(&top, &now);
	for (unsigned i = 0; i < WGF_N_REASONS + 5; i++) {
		draw(24, 80);
		chosen = 0;
		for (int r = 0; r < 24; r++)
			chosen += canvas.cells[r][0].chosen;
		assert_int_equal(chosen, 1);
		assert_string_equal(row(19), "  Dropped most, by flow (2)");
		top_press(&top, TOP_DOWN);
	}
}

static void test_short(void **state)
{
	char text[16];

	(void)state;
	assert_string_equal(top_short(0, text), "0");
	assert_string_equal(top_short(0.25, text), "0.2");
	assert_string_equal(top_short(7, text), "7");
	assert_string_equal(top_short(999, text), "999");
	assert_string_equal(top_short(1000, text), "1.0k");
	assert_string_equal(top_short(123456, text), "123k");
	assert_string_equal(top_short(18446744073709551615.0, text), "18E");
}

static void test_table(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	top_table(f, &top, NOW);
	fclose(f);
	assert_string_equal(
		text,
		"fence     q: enforced\n"
		"cgroup    /wgfence.slice/wgfence-q.slice, running\n"
		"tunnel    wg0 up, in the policy, handshake 23 s ago\n"
		"carried   out 1000 packets 1000000 bytes, in 2000 packets 5000000 bytes\n"
		"WebUI     out 0 packets 0 bytes, in 0 packets 0 bytes\n"
		"rules     out 0 packets 0 bytes, in 0 packets 0 bytes\n"
		"blocked   54 attempts, 307 expected noise\n"
		"attempts\n"
		"            52  past_tunnel_ipv4     past the tunnel (IPv4)\n"
		"             2  loopback             loopback\n"
		"expected noise\n"
		"           300  local_discovery      local discovery\n"
		"             7  bind_refused         bind to an address outside the tunnel\n"
		"flows, dropped most (of 2)\n"
		"           300  qbittorrent-nox[123] egress udp to 192.168.1.9 port 6881: local "
		"discovery, last 9 s ago\n"
		"            40  qbittorrent-nox[123] egress udp to 203.0.113.7 port 6881: past "
		"the "
		"tunnel (IPv4), last 9 s ago\n");
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_small, set_up),
		cmocka_unit_test_setup(test_large, set_up),
		cmocka_unit_test_setup(test_too_small, set_up),
		cmocka_unit_test_setup(test_hostile, set_up),
		cmocka_unit_test_setup(test_not_well, set_up),
		cmocka_unit_test_setup(test_whole, set_up),
		cmocka_unit_test_setup(test_scroll, set_up),
		cmocka_unit_test(test_short),
		cmocka_unit_test_setup(test_table, set_up),
	};

	setenv("TZ", "UTC", 1);
	random_seed();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
