// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the words of [webui] allow mean on a machine, one sentence of the manual a row.
 */
#include "scene.h"
#include "table.h"

struct row {
	const char *name, *machine, *allow, *networks, *notes;
};

/* The tunnel of every machine below, and its resolver. */
#define WG0	 "wg0:wireguard 10.64.0.2/32 fc00:bbbb::2/128"
#define RESOLVER "2001:4860:53::1"

static const struct row rows[] = {
	/* clang-format off */
	{"no word, no network", "lo; eth0 192.168.1.5/24; " WG0, "", "", ""},

	{"localhost is any address on lo", "lo 127.0.0.1/8 ::1/128; eth0 192.168.1.5/24; " WG0,
	 "localhost", "any@lo", ""},
	{"localhost needs a loopback", "eth0 192.168.1.5/24; " WG0, "localhost", "",
	 "absent 1 localhost: there is no loopback interface"},
	{"lo by its name is its own prefixes", "lo 127.0.0.1/8 ::1/128; " WG0,
	 "lo", "127.0.0.0/8@lo ::1@lo", ""},

	/* lan: which interfaces */
	{"lan is hardware", "lo 127.0.0.1/8; eth0 192.168.1.5/24; wlan0 10.0.7.5/16; " WG0,
	 "lan", "192.168.1.0/24@eth0 10.0.0.0/16@wlan0", ""},
	{"lan is veth, vlan, macvlan, ipvlan, bond, team, dsa",
	 "a:veth 10.1.0.1/24; b:vlan 10.2.0.1/24; c:macvlan 10.3.0.1/24; d:ipvlan 10.4.0.1/24;"
	 "e:bond 10.5.0.1/24; f:team 10.6.0.1/24; g:dsa 10.7.0.1/24; " WG0, "lan",
	 "10.1.0.0/24@a 10.2.0.0/24@b 10.3.0.0/24@c 10.4.0.0/24@d 10.5.0.0/24@e 10.6.0.0/24@f "
	 "10.7.0.0/24@g", ""},
	{"lan is no tap, vxlan, dummy, vrf, gretap, ifb",
	 "a:tap 10.1.0.1/24; b:vxlan 10.2.0.1/24; c:dummy 10.3.0.1/24; d:vrf 10.4.0.1/24;"
	 "e:gretap 10.5.0.1/24; f:ifb 10.6.0.1/24; " WG0, "lan", "",
	 "absent 1 lan: no Ethernet interface has a private network"},
	{"lan is no other tunnel", "wg1:wireguard 10.1.0.1/24; tun0:tun 10.2.0.1/24; " WG0, "lan", "",
	 "absent 1 lan: no Ethernet interface has a private network"},
	{"lan is no point-to-point device, be it hardware", "usb0 p2p 10.1.0.1/24; " WG0, "lan", "",
	 "absent 1 lan: no Ethernet interface has a private network"},
	{"lan is no hardware that is not Ethernet", "wwan0 rawip 10.1.0.1/24; " WG0, "lan", "",
	 "absent 1 lan: no Ethernet interface has a private network"},
	{"lan is not the loopback", "lo 10.1.0.1/24; " WG0, "lan", "",
	 "absent 1 lan: no Ethernet interface has a private network"},
	{"lan is not the tunnel, be it Ethernet", "wg0 10.64.0.2/24; eth0 10.1.0.1/24", "lan",
	 "10.1.0.0/24@eth0", ""},
	{"nor while it is down", "wg0 down 10.64.0.2/24; eth0 10.1.0.1/24", "lan",
	 "10.1.0.0/24@eth0", ""},
	{"lan is a bridge over hardware", "br0:bridge 10.1.0.1/24; eth0^br0; " WG0, "lan",
	 "10.1.0.0/24@br0", ""},
	{"lan is a bridge over a bond, team or vlan",
	 "br0:bridge 10.1.0.1/24; br1:bridge 10.2.0.1/24; br2:bridge 10.3.0.1/24;"
	 "a:bond^br0; b:team^br1; c:vlan^br2; " WG0, "lan",
	 "10.1.0.0/24@br0 10.2.0.0/24@br1 10.3.0.0/24@br2", ""},
	{"lan is no bridge without hardware",
	 "docker0:bridge 172.17.0.1/16; virbr0:bridge 192.168.122.1/24; empty:bridge 10.9.0.1/24;"
	 "a:veth^docker0; b:tap^virbr0; eth0 10.1.0.1/24; " WG0, "lan", "10.1.0.0/24@eth0", ""},
	{"a port of a bridge, bond or team is not lan, its master is",
	 "br0:bridge 10.1.0.1/24; eth0^br0 10.2.0.1/24; bond0:bond 10.3.0.1/24;"
	 "eth1^bond0 10.4.0.1/24; team0:team 10.5.0.1/24; eth2^team0 10.6.0.1/24; " WG0, "lan",
	 "10.1.0.0/24@br0 10.3.0.0/24@bond0 10.5.0.0/24@team0", ""},
	{"what is in a VRF keeps its own traffic", "red:vrf; eth0^red 10.1.0.1/24; " WG0, "lan",
	 "10.1.0.0/24@eth0", ""},

	/* lan: which networks */
	{"lan is private IPv4",
	 "a 10.0.0.1/8; b 172.16.3.1/12; c 192.168.3.1/16; d 10.1.2.3/32; " "wg0:wireguard",
	 "lan", "10.0.0.0/8@a 172.16.0.0/12@b 192.168.0.0/16@c 10.1.2.3@d", ""},
	{"lan is no public, shared or link-local IPv4, nor what is half private",
	 "a 8.8.8.8/24; b 100.64.0.1/24; c 169.254.1.1/16; d 172.32.0.1/24; e 172.16.0.1/11;"
	 "f 192.168.0.1/15; g 192.0.2.1/24; h 11.0.0.1/24; " WG0, "lan", "",
	 "absent 1 lan: no Ethernet interface has a private network"},
	{"lan is IPv6 of 64 bits and more, with or without an address of it",
	 "eth0 2001:db8:1::5/64 2001:db8:2::5/128 +2001:db8:2::/64 +2001:db8:1::/64; " WG0, "lan",
	 "2001:db8:1::/64@eth0 2001:db8:2::5@eth0 2001:db8:2::/64@eth0", ""},
	{"lan is no IPv6 of less than 64 bits", "eth0 2001:db8:1::5/63 +2001:db8:8::/48; " WG0, "lan",
	 "", "absent 1 lan: no Ethernet interface has a private network"},
	{"lan is fe80::/10 once, where there is such an address",
	 "eth0 fe80::1/64 fe80::2/64 +fe80::/64; eth1 192.168.1.1/24 +fe80::/64; " WG0, "lan",
	 "fe80::/10@eth0 192.168.1.0/24@eth1", ""},
	{"fec0::/10 is not link-local", "eth0 fec0::1/64; " WG0, "lan", "fec0::/64@eth0", ""},
	{"a default route is no network", "eth0 10.1.0.1/24 +::/0; " WG0, "lan eth0",
	 "10.1.0.0/24@eth0", ""},
	{"nor is an on-link route in which IPv4 lies", "eth0 10.1.0.1/24 +::/64 +::/80 +::/48; " WG0,
	 "lan eth0", "10.1.0.0/24@eth0", ""},

	/* an interface */
	{"an interface is its connected prefixes, public ones too",
	 "eth0 203.0.113.9/24 2001:db8::1/48 fe80::1/64 +2001:db8:7::/56; eth1 10.1.0.1/24; " WG0,
	 "eth0", "203.0.113.0/24@eth0 2001:db8::/48@eth0 fe80::/10@eth0 2001:db8:7::/56@eth0", ""},
	{"an interface need not be Ethernet", "wg1:wireguard 10.9.0.1/24; " WG0, "wg1",
	 "10.9.0.0/24@wg1", ""},
	{"a point-to-point address has the peer's network", "ppp0:ppp p2p 10.9.0.1>10.9.0.2/32; " WG0,
	 "ppp0", "10.9.0.2@ppp0", ""},
	{"a prefix shorter than /8 or IPv6 /32 never counts",
	 "eth0 10.0.0.1/7 11.0.0.1/8 2001:db8::1/31 2001:db8::1/32 +fd00::/31 +2000::/3; " WG0, "eth0",
	 "11.0.0.0/8@eth0 2001:db8::/32@eth0", ""},
	{"an interface that is not there", "eth0 10.1.0.1/24; " WG0, "eth9", "",
	 "absent 1 eth9: no such interface"},
	{"an interface without a network", "eth0; " WG0, "eth0", "",
	 "absent 1 eth0: the interface has no network"},
	{"the tunnel is never named", WG0, "wg0 10.64.0.0/16@wg0", "",
	 "conflict 1 wg0: that is the tunnel; conflict 2 10.64.0.0/16@wg0: that is the tunnel"},
	{"tailscale0 is Tailscale's ranges, not its own prefixes",
	 "tailscale0:tun 100.101.102.103/32 fd7a:115c:a1e0::9/128 fe80::1/64 +::/0; " WG0, "tailscale0",
	 "100.64.0.0/10@tailscale0 fd7a:115c:a1e0::/48@tailscale0", ""},
	{"tailscale0 that is not there", WG0, "tailscale0", "", "absent 1 tailscale0: no such interface"},

	/* PREFIX */
	{"a prefix is what interfaces carry of it",
	 "lo 127.0.0.1/8; eth0 10.1.0.1/24; eth1 10.2.0.1/16; eth2 192.168.1.1/24; " WG0,
	 "10.0.0.0/10", "10.1.0.0/24@eth0 10.2.0.0/16@eth1", ""},
	{"a prefix within a connected one stays as narrow", "eth0 10.1.0.1/16; " WG0,
	 "10.1.7.0/24 10.1.8.9", "10.1.7.0/24@eth0 10.1.8.9@eth0", ""},
	{"any kind of interface may carry it", "docker0:bridge 172.17.0.1/16; " WG0, "172.17.0.0/16",
	 "172.17.0.0/16@docker0", ""},
	{"an on-link route carries it too", "eth0 +2001:db8:2::/64; " WG0, "2001:db8::/32",
	 "2001:db8:2::/64@eth0", ""},
	{"nobody carries it", "lo 127.0.0.1/8; eth0 10.1.0.1/24; " WG0, "10.88.0.0/16 127.0.0.0/8", "",
	 "absent 1 10.88.0.0/16: no interface carries it; absent 2 127.0.0.0/8: no interface carries it"},
	{"the tunnel does not carry it, up or down", "wg0:wireguard down 10.64.0.2/16", "10.64.7.0/24",
	 "", "absent 1 10.64.7.0/24: no interface carries it"},
	{"a default route does not carry it", "eth0 10.1.0.1/24 +::/0; ppp0:ppp 0.0.0.1/0; " WG0,
	 "2001:db8::/32 8.8.8.0/24", "",
	 "absent 1 2001:db8::/32: no interface carries it; absent 2 8.8.8.0/24: no interface carries it"},
	{"link-local prefixes are on every link that has such an address",
	 "eth0 fe80::1/64; eth1 fe80::1/64; eth2 10.1.0.1/24; " WG0, "fe80::/64 fe80::/10",
	 "fe80::/64@eth0 fe80::/64@eth1 fe80::/10@eth0 fe80::/10@eth1", ""},
	{"Tailscale carries its ranges", "eth0 10.1.0.1/24; tailscale0:tun 100.101.102.103/32; " WG0,
	 "100.70.1.2", "100.70.1.2@tailscale0", ""},
	{"all unique local addresses may be named, for they are cut down",
	 "eth0 fd12::1/64 2001:db8::1/64; " "wg0:wireguard 10.64.0.2/32", "fc00::/7", "fd12::/64@eth0",
	 ""},
	{"but everything may not", "eth0 10.1.0.1/24 fd12::1/64; " "wg0:wireguard", "0.0.0.0/0 ::/0", "",
	 "conflict 1 0.0.0.0/0: too wide to be a network; conflict 2 ::/0: too wide to be a network"},

	/* PREFIX@IFACE */
	{"a prefix at an interface is as it is", "eth0 192.168.1.5/24; " WG0,
	 "192.168.20.0/24@eth0 2001:db8::/32@eth0", "192.168.20.0/24@eth0 2001:db8::/32@eth0", ""},
	{"an interface behind @ that is not there", WG0, "192.168.20.0/24@eth0", "",
	 "absent 1 192.168.20.0/24@eth0: no such interface"},
	{"behind a gateway nothing cuts it down, so its length must do",
	 "eth0 192.168.1.5/24; " "wg0:wireguard",
	 "10.0.0.0/8@eth0 10.0.0.0/7@eth0 fd00::/31@eth0 fe80::/10@eth0 fe80::/9@eth0",
	 "10.0.0.0/8@eth0 fe80::/10@eth0",
	 "conflict 2 10.0.0.0/7@eth0: too wide to be a network; "
	 "conflict 3 fd00::/31@eth0: too wide to be a network; "
	 "conflict 5 fe80::/9@eth0: too wide to be a network"},

	/* conflicts */
	{"a prefix that covers the tunnel's address is withdrawn, wherever it lies",
	 "eth0 10.1.0.1/24; " WG0, "10.0.0.0/8 fc00:bbbb::/32", "",
	 "conflict 1 10.0.0.0/8: covers the tunnel's own address 10.64.0.2; "
	 "conflict 2 fc00:bbbb::/32: covers the tunnel's own address fc00:bbbb::2"},
	{"and one that covers the resolver", "eth0 10.1.0.1/24; " "wg0:wireguard 10.64.0.2/32",
	 "2001:4860:53::/48@eth0", "",
	 "conflict 1 2001:4860:53::/48@eth0: covers the resolver 2001:4860:53::1"},
	{"a tunnel that is down keeps its address",
	 "eth0 10.1.0.1/24; wg0:wireguard down 10.64.0.2/32", "10.64.0.2/31@eth0", "",
	 "conflict 1 10.64.0.2/31@eth0: covers the tunnel's own address 10.64.0.2"},
	{"of an interface only the prefix that conflicts goes",
	 "eth0 10.64.0.9/24 192.168.1.5/24; " WG0, "lan eth0", "192.168.1.0/24@eth0",
	 "conflict 1 lan: 10.64.0.0/24 covers the tunnel's own address 10.64.0.2; "
	 "conflict 2 eth0: 10.64.0.0/24 covers the tunnel's own address 10.64.0.2"},
	{"Tailscale's range conflicts as any", "tailscale0:tun; wg0:wireguard 100.64.1.2/32",
	 "tailscale0", "fd7a:115c:a1e0::/48@tailscale0",
	 "conflict 1 tailscale0: 100.64.0.0/10 covers the tunnel's own address 100.64.1.2"},
	{"link-local addresses of the tunnel contradict nothing",
	 "eth0 fe80::1/64; wg0:wireguard fe80::2/64", "lan fe80::/10 fe80::/64@eth0",
	 "fe80::/10@eth0 fe80::/64@eth0", ""},
	{"localhost contradicts nothing", "lo; " WG0, "localhost", "any@lo", ""},

	/* the list */
	{"each network once", "eth0 10.1.0.1/24 10.1.0.2/24; eth1 10.1.0.3/24; " WG0,
	 "lan eth0 10.1.0.0/24 10.1.0.0/24@eth0 lan", "10.1.0.0/24@eth0 10.1.0.0/24@eth1", ""},
	/* clang-format on */
};

/* Of the words alone: what is said of the tunnel and of broadcasts is another test's matter. */
static const char *word_notes(struct scene *s, char *out, size_t size)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->notes.n; i++)
		if (s->notes.note[i].line)
			s->notes.note[n++] = s->notes.note[i];
	s->notes.n = n;
	return scene_notes(s, out, size);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct scene *s = scene_new(row->machine, row->allow);
	char out[4096];

	s->c.servers[s->c.n_servers++] = scene_ip(RESOLVER);
	scene_compile(s);
	assert_string_equal(scene_networks(s, out, sizeof(out)), row->networks);
	assert_string_equal(word_notes(s, out, sizeof(out)), row->notes);
	assert_int_equal(s->p.webui, 1);
	assert_int_equal(s->p.webui_port, 8080);
	free(s);
}

/* Without [webui] nothing is named, whatever the words said. */
static void test_no_webui(void **state)
{
	struct scene *s = scene_new("lo; eth0 10.1.0.1/24; " WG0, "lan localhost");

	(void)state;
	s->c.webui = false;
	scene_compile(s);
	assert_int_equal(s->p.webui, 0);
	assert_int_equal(s->p.webui_port, 0);
	assert_int_equal(s->p.n_networks, 0);
	free(s);
}

static struct scene *crowd(unsigned links, const char *allow)
{
	char *machine = NULL;
	size_t size;
	FILE *f = open_memstream(&machine, &size);
	struct scene *s;

	fputs(WG0, f);
	for (unsigned i = 0; i < links; i++)
		fprintf(f, "; e%u 192.168.%u.1/24", i, i);
	fclose(f);
	s = scene_new(machine, allow);
	free(machine);
	return s;
}

static void test_full(void **state)
{
	struct scene *s = crowd(WGF_MAX_NETWORKS, "lan lan");
	char out[4096];

	(void)state;
	scene_compile(s);
	assert_int_equal(s->p.n_networks, WGF_MAX_NETWORKS);
	assert_string_equal(word_notes(s, out, sizeof(out)), "");
	free(s);
}

static void test_overflow(void **state)
{
	struct scene *s = crowd(WGF_MAX_NETWORKS + 6, "lan e0");
	char out[4096];

	(void)state;
	scene_compile(s);
	assert_int_equal(s->p.n_networks, WGF_MAX_NETWORKS);
	assert_string_equal(word_notes(s, out, sizeof(out)),
			    "overflow 1 lan: more networks than there is room for");
	assert_int_equal(s->p.networks[WGF_MAX_NETWORKS - 1].ifindex, 1 + WGF_MAX_NETWORKS);
	free(s);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_no_webui),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_overflow),
	};
	struct CMUnitTest tests[N(rows) + N(others)], *t;

	t = TABLE_ADD(tests, rows, test_row, NULL);
	memcpy(t, others, sizeof(others));
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
