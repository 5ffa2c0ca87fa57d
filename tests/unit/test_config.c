// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the configuration's parser accepts, and the values that it reads: each form once. What it
 * refuses is test_config_refusals.c's.
 */
#include "config_text.h"

static void assert_prefix(const struct prefix *p, const char *text)
{
	char out[IP_TEXT];

	assert_string_equal(prefix_print(p, out), text);
}

static void assert_ip(const union wgf_ip *ip, const char *text)
{
	char out[IP_TEXT];

	assert_string_equal(ip_print(ip, out), text);
}

static void test_least(void **state)
{
	(void)state;
	accept(FENCE);
	assert_string_equal(c.file, "dir/t.conf");
	assert_string_equal(c.name, "t");
	assert_string_equal(c.unit, "a.service");
	assert_string_equal(c.cgroup, "");
	assert_string_equal(c.tunnel, "wg0");
	assert_int_equal(c.mode, WGF_ENFORCE);
	assert_false(c.webui);
	assert_int_equal(c.webui_port, 0);
	assert_int_equal(c.n_networks, 0);
	assert_int_equal(c.n_servers, 0);
	assert_int_equal(c.n_rules, 0);
	assert_string_equal(c.metrics.directory, "");
}

static void test_metrics(void **state)
{
	(void)state;
	accept(FENCE "[metrics]\ndirectory = /a b/c\n");
	assert_string_equal(c.metrics.directory, "/a b/c");
	assert_int_equal(c.metrics.interval, 15);
	accept("[metrics]\ninterval = 1\ndirectory = /d\n" FENCE);
	assert_string_equal(c.metrics.directory, "/d");
	assert_int_equal(c.metrics.interval, 1);
}

/* The example of the manual. */
static void test_whole(void **state)
{
	(void)state;
	accept("# who is confined\n"
	       "[fence]\n"
	       "unit   = qbittorrent.service\n"
	       "tunnel = wg0\n"
	       "mode   = enforce\n"
	       "\n"
	       "[webui]\n"
	       "port  = 8080\n"
	       "allow = localhost lan tailscale0 10.88.0.0/16\n"
	       "\n"
	       "[dns]\n"
	       "server = 10.128.0.1\n"
	       "\n"
	       "[rules]\n"
	       "# tell jellyfin\n"
	       "allow = connect tcp 127.0.0.1 8096\n");
	assert_string_equal(c.unit, "qbittorrent.service");
	assert_int_equal(c.mode, WGF_ENFORCE);
	assert_true(c.webui);
	assert_int_equal(c.webui_port, 8080);
	assert_int_equal(c.n_networks, 4);
	assert_int_equal(c.networks[0].kind, NETWORK_LOCALHOST);
	assert_int_equal(c.networks[1].kind, NETWORK_LAN);
	assert_int_equal(c.networks[2].kind, NETWORK_INTERFACE);
	assert_string_equal(c.networks[2].ifname, "tailscale0");
	assert_int_equal(c.networks[3].kind, NETWORK_PREFIX);
	assert_prefix(&c.networks[3].prefix, "10.88.0.0/16");
	assert_string_equal(c.networks[3].ifname, "");
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(c.networks[i].line, 9);
	assert_int_equal(c.n_servers, 1);
	assert_ip(&c.servers[0], "10.128.0.1");
	assert_int_equal(c.n_rules, 1);
	assert_int_equal(c.rules[0].line, 16);
	assert_int_equal(c.rules[0].kind, WGF_CONNECT_RULE);
	assert_int_equal(c.rules[0].proto, WGF_TCP);
	assert_int_equal(c.rules[0].port, 8096);
	assert_prefix(&c.rules[0].remote, "127.0.0.1");
	assert_string_equal(c.rules[0].ifname, "");
}

static void test_layout(void **state)
{
	(void)state;
	/* Blanks, tabs, comments, empty lines, no newline at the end, any order of sections. */
	accept("  ; c\n\t# \xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7 [x] a = b\n \t\n"
	       "[ rules ]\n[dns]\n"
	       "\t[webui]  \nport=80\n"
	       "[fence]\t\ntunnel\t=\twg0\t\n  cgroup  =  /a b/\xc3\xa4=c  \nmode=audit");
	assert_string_equal(c.unit, "");
	assert_string_equal(c.cgroup, "/a b/\xc3\xa4=c");
	assert_string_equal(c.tunnel, "wg0");
	assert_int_equal(c.mode, WGF_AUDIT);
	assert_true(c.webui);
	assert_int_equal(c.webui_port, 80);
	assert_int_equal(c.n_networks + c.n_servers + c.n_rules, 0);
	/* The last line without its newline. */
	refuse("[fence]\nunit", "dir/t.conf:2: found \"unit\"");
}

static void assert_unix(unsigned i, unsigned line, const char *bytes, unsigned len)
{
	assert_int_equal(c.names[i].line, line);
	assert_int_equal(c.names[i].name.len, len);
	assert_memory_equal(c.names[i].name.bytes, bytes, len);
}

static void test_unix(void **state)
{
	(void)state;
	accept(FENCE);
	assert_false(c.unix_off);
	assert_int_equal(c.n_names, 0);
	accept(FENCE "unix = off\n");
	assert_true(c.unix_off);
	accept(FENCE
	       "unix = on\n[unix]\nallow = /run/a.b/c @d /\xc3\xa4\nallow=@e\\x00\\x20 /...\n");
	assert_false(c.unix_off);
	assert_int_equal(c.n_names, 5);
	assert_unix(0, 6, "/run/a.b/c", 10);
	assert_unix(1, 6, "\0d", 2);
	assert_unix(2, 6, "/\xc3\xa4", 3);
	assert_unix(3, 7, "\0e\0 ", 4);
	assert_unix(4, 7, "/...", 4);
	/* A path and an abstract name of the same letters are two; so is what is named always. */
	accept(FENCE "[unix]\nallow = /a @/a /dev/log\n");
	assert_int_equal(c.n_names, 3);
}

static void test_units(void **state)
{
	static const char *const units[] = {"a.service", "a@b.service", "a@b@c.service",
					    "A_0:-\\x2d.b.service", ".a.service"};
	char text[400], unit[256];

	(void)state;
	for (unsigned i = 0; i < sizeof(units) / sizeof(*units); i++) {
		snprintf(text, sizeof(text), "[fence]\nunit=%s\ntunnel=t\n", units[i]);
		accept(text);
		assert_string_equal(c.unit, units[i]);
	}
	snprintf(unit, sizeof(unit), "%0247d.service", 0);
	snprintf(text, sizeof(text), "[fence]\nunit=%s\ntunnel=t\n", unit);
	accept(text);
	assert_string_equal(c.unit, unit);
}

static void test_interfaces(void **state)
{
	static const char *const names[] = {
		"a",	"wg-mullvad", "br_lan.20", "wg3456789012345", "...", "\xf0\x9f\x90\xa7",
		"lan0", "LAN",	      "lo0"};
	char text[100];

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(text, sizeof(text), "[fence]\nunit=a.service\ntunnel=%s\n", names[i]);
		accept(text);
		assert_string_equal(c.tunnel, names[i]);
		snprintf(text, sizeof(text), FENCE "[webui]\nport=1\nallow=%s\n", names[i]);
		if (strcmp(names[i], "...") == 0)
			continue; /* of digits and dots: meant as an address */
		accept(text);
		assert_int_equal(c.networks[0].kind, NETWORK_INTERFACE);
		assert_string_equal(c.networks[0].ifname, names[i]);
	}
}

static void test_networks(void **state)
{
	static const struct {
		const char *word, *prefix, *ifname;
	} rows[] = {
		{"10.0.0.0/8", "10.0.0.0/8", ""},
		{"192.168.1.7", "192.168.1.7", ""},
		{"2001:db8::/32", "2001:db8::/32", ""},
		{"fd12::7", "fd12::7", ""},
		{"169.254.0.0/16", "169.254.0.0/16", ""},
		{"64:ff9b::/96", "64:ff9b::/96", ""},
		{"192.168.20.0/24@eth0", "192.168.20.0/24", "eth0"},
		{"192.168.20.0/24@eth1", "192.168.20.0/24", "eth1"},
		{"192.168.20.0/24", "192.168.20.0/24", ""},
		{"fe80::/64@br-lan", "fe80::/64", "br-lan"},
	};
	enum { N = sizeof(rows) / sizeof(*rows) };
	struct text t = {.len = 0};

	(void)state;
	add(&t, FENCE "[webui]\nport = 65535\n");
	for (unsigned i = 0; i < N; i += 2)
		add(&t, "allow = %s \t %s\n", rows[i].word, rows[i + 1].word);
	accept(t.s);
	assert_int_equal(c.webui_port, 65535);
	assert_int_equal(c.n_networks, N);
	for (unsigned i = 0; i < N; i++) {
		const struct config_network *n = &c.networks[i];

		assert_int_equal(n->line, 6 + i / 2);
		assert_int_equal(n->kind, *rows[i].ifname ? NETWORK_ROUTED : NETWORK_PREFIX);
		assert_prefix(&n->prefix, rows[i].prefix);
		assert_string_equal(n->ifname, rows[i].ifname);
	}
}

static void test_rules(void **state)
{
	static const struct {
		const char *text;
		u8 kind, proto;
		const char *remote;
		u16 port;
		const char *ifname;
	} rows[] = {
		{"connect tcp 127.0.0.1 8096", WGF_CONNECT_RULE, WGF_TCP, "127.0.0.1", 8096, ""},
		{"connect udp 127.0.0.1 8096", WGF_CONNECT_RULE, WGF_UDP, "127.0.0.1", 8096, ""},
		{"serve tcp 127.0.0.1 8096", WGF_SERVE_RULE, WGF_TCP, "127.0.0.1", 8096, ""},
		{"serve tcp 127.0.0.1 8097", WGF_SERVE_RULE, WGF_TCP, "127.0.0.1", 8097, ""},
		{"serve tcp 127.0.0.0/8 1", WGF_SERVE_RULE, WGF_TCP, "127.0.0.0/8", 1, ""},
		{"serve tcp 127.0.0.0/16 1", WGF_SERVE_RULE, WGF_TCP, "127.0.0.0/16", 1, ""},
		{"serve tcp 127.0.0.0/8 1 dev lo", WGF_SERVE_RULE, WGF_TCP, "127.0.0.0/8", 1, "lo"},
		{"serve udp fd00::/8\t65535  dev  eth0", WGF_SERVE_RULE, WGF_UDP, "fd00::/8", 65535,
		 "eth0"},
		{"connect udp 239.255.255.250 1900", WGF_CONNECT_RULE, WGF_UDP, "239.255.255.250",
		 1900, ""},
		{"connect tcp 0.0.0.0/0 443", WGF_CONNECT_RULE, WGF_TCP, "0.0.0.0/0", 443, ""},
		{"connect tcp 2000::/3 443", WGF_CONNECT_RULE, WGF_TCP, "2000::/3", 443, ""},
		/* The WebUI's port, but not a service of it. */
		{"connect tcp 10.1.1.1 8080", WGF_CONNECT_RULE, WGF_TCP, "10.1.1.1", 8080, ""},
		{"serve udp 10.1.1.1 8080", WGF_SERVE_RULE, WGF_UDP, "10.1.1.1", 8080, ""},
	};
	enum { N = sizeof(rows) / sizeof(*rows) };
	struct text t = {.len = 0};

	(void)state;
	add(&t, FENCE "[rules]\n");
	for (unsigned i = 0; i < N; i++)
		add(&t, "allow = %s\n", rows[i].text);
	add(&t, "[webui]\nport = 8080\n");
	accept(t.s);
	assert_int_equal(c.n_rules, N);
	for (unsigned i = 0; i < N; i++) {
		const struct config_rule *r = &c.rules[i];

		assert_int_equal(r->line, 5 + i);
		assert_int_equal(r->kind, rows[i].kind);
		assert_int_equal(r->proto, rows[i].proto);
		assert_int_equal(r->port, rows[i].port);
		assert_prefix(&r->remote, rows[i].remote);
		assert_string_equal(r->ifname, rows[i].ifname);
	}
}

static void test_contradictions_that_are_none(void **state)
{
	(void)state;
	accept(FENCE "[rules]\nallow = serve tcp 10.0.0.0/8 8080\n");
	accept("[fence]\nunit = a.service\ntunnel = tailscale0\n[webui]\nport = 1\nallow = lan\n");
	accept(FENCE
	       "[webui]\nport = 1\nallow = lan 10.1.0.0/16\n[dns]\nserver = 10.2.0.1 fd00::1\n");
	accept(FENCE "[dns]\nserver = 100.100.100.101 fd7a:115c:a1e0::54 1.1.1.1\n");
	assert_int_equal(c.n_servers, 3);
	assert_ip(&c.servers[1], "fd7a:115c:a1e0::54");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_metrics),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_unix),
		cmocka_unit_test(test_interfaces),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_contradictions_that_are_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
