// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the configuration's parser refuses: one row for each refusal, with the place that it names
 * ("file:line: key: ") and a part of what it says. *ret must be untouched each time.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

#include "config.h"

#define FENCE "[fence]\nunit = a.service\ntunnel = wg0\n" /* 3 lines, nothing wrong */
#define WEBUI FENCE "[webui]\nport = 8080\n"		  /* 5 lines */
#define RULE  FENCE "[rules]\nallow = "			  /* the rule is in line 5 */
#define ALLOW WEBUI "allow = "				  /* the networks are in line 6 */
#define NAMES FENCE "[unix]\nallow = "			  /* the names are in line 5 */
#define DNS   FENCE "[dns]\nserver = "			  /* the server is in line 5 */

#define X10(text) text text text text text text text text text text

struct row {
	const char *name;
	const char *text;
	size_t len;
	const char *where, *says;
};

#define ROW(name, text, where, says)                      \
	{                                                 \
		name, text, sizeof(text) - 1, where, says \
	}

// clang-format off
static const struct row rows[] = {
	/* Bytes. */
	ROW("empty file", "", "t.conf: found", "no [fence] section"),
	ROW("comments only", "# x\n; y\n\n", "t.conf: found", "no [fence] section"),
	ROW("NUL byte", FENCE "mode = au\0dit\n", "t.conf:4: found", "control byte \\x00"),
	ROW("NUL byte in a comment", "#\0\n" FENCE, "t.conf:1: found", "control byte \\x00"),
	ROW("escape byte", FENCE "# \033[2J\n", "t.conf:4: found", "control byte \\x1b"),
	ROW("delete byte", FENCE "\177\n", "t.conf:4: found", "control byte \\x7f"),
	ROW("carriage return at a line's end", "[fence]\r\nunit = a.service\r\n",
	    "t.conf:1: found", "carriage return (\\x0d), lines that end with a newline alone"),
	ROW("carriage return within a line", FENCE "mode = \rx\n", "t.conf:4: found", "carriage return"),
	ROW("Latin-1", FENCE "# caf\xe9\n", "t.conf:4: found", "\\xe9, which is not UTF-8"),
	ROW("UTF-8 cut short", FENCE "# \xe2\x82", "t.conf:4: found", "\\xe2, which is not UTF-8"),
	ROW("UTF-8 cut by the newline", FENCE "# \xe2\x82\n", "t.conf:4: found", "\\xe2, which"),
	ROW("UTF-8 continuation alone", FENCE "# \x80\n", "t.conf:4: found", "\\x80, which"),
	ROW("UTF-8 overlong, 2 bytes", FENCE "# \xc0\xaf\n", "t.conf:4: found", "\\xc0, which"),
	ROW("UTF-8 overlong, 3 bytes", FENCE "# \xe0\x80\xaf\n", "t.conf:4: found", "\\xe0, which"),
	ROW("UTF-8 overlong, 4 bytes", FENCE "# \xf0\x80\x80\xaf\n", "t.conf:4: found", "\\xf0, which"),
	ROW("UTF-8 surrogate", FENCE "# \xed\xa0\x80\n", "t.conf:4: found", "\\xed, which"),
	ROW("UTF-8 past the end", FENCE "# \xf4\x90\x80\x80\n", "t.conf:4: found", "\\xf4, which"),
	ROW("UTF-8 of 5 bytes", FENCE "# \xf8\x88\x80\x80\x80\n", "t.conf:4: found", "\\xf8, which"),
	ROW("Latin-1 control byte in UTF-8", FENCE "# \xc2\x9b\n", "t.conf:4: found", "\\xc2, which"),
	ROW("byte order mark", "\xef\xbb\xbf" FENCE, "t.conf:1: found", "\"\\xef\\xbb\\xbf[fence]\""),

	/* Lines. */
	ROW("missing =", FENCE "mode enforce\n", "t.conf:4: found", "\"mode enforce\", KEY = VALUE"),
	ROW("missing key", FENCE " = x\n", "t.conf:4: found", "\"= x\", KEY = VALUE"),
	ROW("missing ]", "[fence\n", "t.conf:1: found", "\"[fence\" without its \"]\""),
	ROW("text behind ]", "[fence] # mine\n", "t.conf:1: found", "\"# mine\" behind the section"),
	ROW("empty value", FENCE "mode =\n", "t.conf:4: mode: found", "no value"),
	ROW("blank value", FENCE "mode = \t \n", "t.conf:4: mode: found", "no value"),
	ROW("comment behind a value", FENCE "mode = audit # for now\n", "t.conf:4: mode: found",
	    "\"# for now\" behind the value, a comment on a line of its own"),
	ROW("comment instead of a value", FENCE "mode = ; later\n", "t.conf:4: mode: found", "\"; later\" behind"),
	ROW("long input is cut and escaped", FENCE X10("0123456789") "\xc3\xa4\n", "t.conf:4: found",
	    "\"012345678901234567890123456789012345678901234567...\", KEY"),
	ROW("bytes beyond ASCII are escaped", FENCE "caf\xc3\xa9\n", "t.conf:4: found", "\"caf\\xc3\\xa9\""),

	/* Sections and keys. */
	ROW("unknown section", "[network]\n", "t.conf:1: found",
	    "[network], which is no section, [fence], [webui], [dns], [rules], [route], [unix] or [metrics] would be right"),
	ROW("section with a slip", "[Fence]\n", "t.conf:1: found", "no section, [fence] would be right"),
	ROW("section with a plural", "[rule]\n", "t.conf:1: found", "no section, [rules] would be right"),
	ROW("empty section name", "[]\n", "t.conf:1: found", "[], which is no section"),
	ROW("endless section name", "[" X10(X10("x")) "]\n", "t.conf:1: found", "[" X10("xxxx") "xxxxxxxx...], which is no section, [fence], "),
	ROW("duplicate section", FENCE "[fence]\n", "t.conf:4: found", "[fence] again, one section (line 1 has it)"),
	ROW("section again later", WEBUI "[dns]\n[webui]\n", "t.conf:7: found", "(line 4 has it)"),
	ROW("key before any section", "unit = a.service\n" FENCE, "t.conf:1: unit: found",
	    "outside of any section, a section such as [fence] above"),
	ROW("unknown key", FENCE "color = red\n", "t.conf:4: color: found",
	    "a key that [fence] does not have, unit, cgroup, tunnel, mode, route, unix or guard would be right"),
	ROW("key of another section", FENCE "port = 1\n", "t.conf:4: port: found", "a key that [fence] does not have"),
	ROW("key with a slip", WEBUI "prot = 1\n", "t.conf:6: prot: found", "[webui] does not have, port would be"),
	ROW("key in capitals", FENCE "Mode = audit\n", "t.conf:4: Mode: found", "does not have, mode would be right"),
	ROW("unknown key is escaped", FENCE "\xc3\xa4 = 1\n", "t.conf:4: \\xc3\\xa4: found", "a key that"),
	ROW("unknown key in [dns]", FENCE "[dns]\nx = 1\n", "t.conf:5: x: found", "[dns] does not have, server would"),
	ROW("unknown key in [webui]", WEBUI "x = 1\n", "t.conf:6: x: found", "does not have, port or allow would"),
	ROW("unknown key without value", FENCE "x =\n", "t.conf:4: x: found", "a key that"),
	/* Routing. */
	ROW("route, neither on nor off", FENCE "route = auto\n", "t.conf:4: route: found", "\"auto\", on or off"),
	ROW("guard, neither on nor off", FENCE "guard = yes\n", "t.conf:4: guard: found", "\"yes\", on or off"),
	ROW("numbers beside route = off", FENCE "route = off\n[route]\ntable = 300\n", "t.conf:5: [route]: found",
	    "beside route = off (line 4)"),
	ROW("unknown key in [route]", FENCE "[route]\nx = 1\n", "t.conf:5: x: found", "table, mark or priority"),
	ROW("metrics without a directory", FENCE "[metrics]\ninterval = 5\n", "t.conf:4: [metrics]: found no directory", ""),
	ROW("metrics in a relative directory", FENCE "[metrics]\ndirectory = a\n", "t.conf:5: directory: found \"a\"", "from / on"),
	ROW("metrics in the root directory", FENCE "[metrics]\ndirectory = /\n", "t.conf:5: directory: found \"/\"", "from / on"),
	ROW("metrics at no interval", FENCE "[metrics]\ninterval = 0\n", "t.conf:5: interval: found \"0\"", "from 1 to 3600"),
	ROW("metrics too seldom", FENCE "[metrics]\ninterval = 3601\n", "t.conf:5: interval: found \"3601\"", "from 1 to 3600"),
	ROW("unknown key in [metrics]", FENCE "[metrics]\nx = 1\n", "t.conf:5: x: found", "directory or interval"),
	ROW("table of the kernel", FENCE "[route]\ntable = 254\n", "t.conf:5: table: found", "from 256 to 4294967295"),
	ROW("table too large", FENCE "[route]\ntable = 4294967296\n", "t.conf:5: table: found", "from 256 to"),
	ROW("table by name", FENCE "[route]\ntable = vpn\n", "t.conf:5: table: found", "from 256 to"),
	ROW("priority 0", FENCE "[route]\npriority = 0\n", "t.conf:5: priority: found", "from 1 to 32000"),
	ROW("priority too large", FENCE "[route]\npriority = 32001\n", "t.conf:5: priority: found", "from 1 to 32000"),
	ROW("mark without mask", FENCE "[route]\nmark = 0x1000000\n", "t.conf:5: mark: found", "MARK/MASK"),
	ROW("mark 0", FENCE "[route]\nmark = 0x0/0x1000000\n", "t.conf:5: mark: found", "not 0"),
	ROW("mark outside its mask", FENCE "[route]\nmark = 0x3000000/0x1000000\n", "t.conf:5: mark: found", "within MASK"),
	ROW("mark in decimal", FENCE "[route]\nmark = 16/16\n", "t.conf:5: mark: found", "in hexadecimal"),
	ROW("mark with a sign", FENCE "[route]\nmark = 0x-1/0x1\n", "t.conf:5: mark: found", "in hexadecimal"),
	ROW("mark too long", FENCE "[route]\nmark = 0x100000000/0x100000000\n", "t.conf:5: mark: found", "in hexadecimal"),
	ROW("Tailscale's mark", FENCE "[route]\nmark = 0x10000/0xff0000\n", "t.conf:5: mark: found", "Tailscale's"),
	ROW("wg-quick's mark", FENCE "[route]\nmark = 0x4/0x4\n", "t.conf:5: mark: found", "wg-quick's"),
	ROW("Kubernetes' mark", FENCE "[route]\nmark = 0x4000/0x4000\n", "t.conf:5: mark: found", "Kubernetes'"),

	/* Unix sockets. */
	ROW("unix, neither on nor off", FENCE "unix = no\n", "t.conf:4: unix: found", "\"no\", on or off"),
	ROW("duplicate unix", FENCE "unix = on\nunix = on\n", "t.conf:5: unix: found", "(line 4 has it)"),
	ROW("names beside unix = off", FENCE "unix = off\n[unix]\nallow = /a\n", "t.conf:5: [unix]: found", "beside unix = off (line 4)"),
	ROW("unknown key in [unix]", FENCE "[unix]\nname = /a\n", "t.conf:5: name: found", "does not have, allow would"),
	ROW("name: relative", NAMES "run/a\n", "t.conf:5: allow: found", "\"run/a\", an absolute path of 2 to 108 bytes"),
	ROW("name: the root", NAMES "/\n", "t.conf:5: allow: found", "\"/\", an absolute path"),
	ROW("name: @ alone", NAMES "@\n", "t.conf:5: allow: found", "\"@\", an absolute path"),
	ROW("name: //", NAMES "/run//a\n", "t.conf:5: allow: found", "\"/run//a\", a path without"),
	ROW("name: ..", NAMES "/run/../a\n", "t.conf:5: allow: found", "a path without"),
	ROW("name: .", NAMES "/run/./a\n", "t.conf:5: allow: found", "a path without"),
	ROW("name: slash at the end", NAMES "/run/a/\n", "t.conf:5: allow: found", "a path without"),
	ROW("name: .. by an escape", NAMES "/run/\\x2e./a\n", "t.conf:5: allow: found", "a path without"),
	ROW("name: a NUL in a path", NAMES "/run/a\\x00b\n", "t.conf:5: allow: found", "an absolute path"),
	ROW("name: path of 109 bytes", NAMES "/" X10("0123456789") "01234567\n", "t.conf:5: allow: found", "an absolute path"),
	ROW("name: abstract of 108 bytes", NAMES "@" X10("0123456789") "01234567\n", "t.conf:5: allow: found", "name of 1 to 107"),
	ROW("name: another escape", NAMES "/run/a\\n\n", "t.conf:5: allow: found", "an absolute path"),
	ROW("name: an escape in capitals", NAMES "/run/\\xAB\n", "t.conf:5: allow: found", "an absolute path"),
	ROW("name: an escape cut short", NAMES "/run/a\\x2\n", "t.conf:5: allow: found", "an absolute path"),
	ROW("name: as events cut it", NAMES "...run/a\n", "t.conf:5: allow: found", "an absolute path"),
	ROW("name: a list with commas", NAMES "/run/a , /run/b\n", "t.conf:5: allow: found", "\",\", an absolute path"),
	ROW("name twice", NAMES "/a @a /a\n", "t.conf:5: allow: found", "\"/a\", which line 5 names already"),
	ROW("name on two lines", NAMES "@a\nallow = @\\x61\n", "t.conf:6: allow: found", "which line 5 names already"),

	ROW("duplicate unit", FENCE "unit = b.service\n", "t.conf:4: unit: found", "again, once (line 2 has it)"),
	ROW("duplicate tunnel", FENCE "tunnel = wg0\n", "t.conf:4: tunnel: found", "(line 3 has it)"),
	ROW("duplicate mode", FENCE "mode = audit\nmode = audit\n", "t.conf:5: mode: found", "(line 4 has it)"),
	ROW("duplicate port", WEBUI "port = 8081\n", "t.conf:6: port: found", "(line 5 has it)"),
	ROW("duplicate server", DNS "10.1.1.1\nserver = 10.1.1.2\n", "t.conf:6: server: found", "(line 5 has it)"),

	/* [fence] */
	ROW("no [fence]", "[webui]\nport = 8080\n", "t.conf: found", "no [fence] section"),
	ROW("neither unit nor cgroup", "\n[fence]\ntunnel = wg0\n", "t.conf:2: [fence]: found", "neither unit nor cgroup"),
	ROW("unit, then cgroup", FENCE "cgroup = /a\n", "t.conf:4: cgroup: found", "beside unit (line 2), one of the two"),
	ROW("cgroup, then unit", "[fence]\ncgroup = /a\nunit = a.service\n", "t.conf:3: unit: found", "beside cgroup (line 2)"),
	ROW("no tunnel", "# x\n[fence]\nunit = a.service\n", "t.conf:2: [fence]: found", "no tunnel"),
	ROW("unit without suffix", "[fence]\nunit = a\n", "t.conf:2: unit: found", "\"a\", the full name of a service"),
	ROW("unit of another type", "[fence]\nunit = a.slice\n", "t.conf:2: unit: found", "\"a.slice\""),
	ROW("unit: suffix alone", "[fence]\nunit = .service\n", "t.conf:2: unit: found", "\".service\""),
	ROW("unit with a slash", "[fence]\nunit = a/b.service\n", "t.conf:2: unit: found", "\"a/b.service\""),
	ROW("unit with a blank", "[fence]\nunit = a b.service\n", "t.conf:2: unit: found", "\"a b.service\""),
	ROW("unit beyond ASCII", "[fence]\nunit = \xc3\xa4.service\n", "t.conf:2: unit: found", "\"\\xc3\\xa4.service\""),
	ROW("unit: a template", "[fence]\nunit = a@.service\n", "t.conf:2: unit: found", "\"a@.service\""),
	ROW("unit: an instance of nothing", "[fence]\nunit = @a.service\n", "t.conf:2: unit: found", "\"@a.service\""),
	ROW("unit of 256 bytes", "[fence]\nunit = " X10("012345678901234567890123") "01234567.service\n",
	    "t.conf:2: unit: found", "the full name of a service"),
	ROW("cgroup: relative", "[fence]\ncgroup = a/b\n", "t.conf:2: cgroup: found", "\"a/b\", a path inside cgroup2 that starts with /"),
	ROW("cgroup: the root", "[fence]\ncgroup = /\n", "t.conf:2: cgroup: found", "the whole machine"),
	ROW("cgroup: //", "[fence]\ncgroup = //\n", "t.conf:2: cgroup: found", "\"//\", a path without"),
	ROW("cgroup: // within", "[fence]\ncgroup = /a//b\n", "t.conf:2: cgroup: found", "\"/a//b\", a path without"),
	ROW("cgroup: slash at the end", "[fence]\ncgroup = /a/\n", "t.conf:2: cgroup: found", "\"/a/\""),
	ROW("cgroup: ..", "[fence]\ncgroup = /a/../b\n", "t.conf:2: cgroup: found", "\"/a/../b\""),
	ROW("cgroup: .. at the end", "[fence]\ncgroup = /a/..\n", "t.conf:2: cgroup: found", "\"/a/..\""),
	ROW("cgroup: .", "[fence]\ncgroup = /./a\n", "t.conf:2: cgroup: found", "\"/./a\""),
	ROW("mode", FENCE "mode = enforced\n", "t.conf:4: mode: found", "\"enforced\", enforce or audit would be right"),
	ROW("tunnel lo", "[fence]\ntunnel = lo\n", "t.conf:2: tunnel: found", "\"lo\", the loopback interface"),
	ROW("tunnel localhost", "[fence]\ntunnel = localhost\n", "t.conf:2: tunnel: found", "a word of [webui]"),
	ROW("tunnel lan", "[fence]\ntunnel = lan\n", "t.conf:2: tunnel: found", "a word of [webui]"),
	ROW("tunnel of 16 bytes", "[fence]\ntunnel = wg34567890123456\n", "t.conf:2: tunnel: found", "(1 to 15 bytes"),
	ROW("tunnel with a slash", "[fence]\ntunnel = wg/0\n", "t.conf:2: tunnel: found", "\"wg/0\""),
	ROW("tunnel with a colon", "[fence]\ntunnel = wg0:1\n", "t.conf:2: tunnel: found", "\"wg0:1\""),
	ROW("tunnel with a blank", "[fence]\ntunnel = wg 0\n", "t.conf:2: tunnel: found", "\"wg 0\""),
	ROW("tunnel with a tab", "[fence]\ntunnel = wg\t0\n", "t.conf:2: tunnel: found", "\"wg\\x090\""),
	ROW("tunnel as ip link shows it", "[fence]\ntunnel = wg0@if3\n", "t.conf:2: tunnel: found", "\"wg0@if3\""),
	ROW("tunnel .", "[fence]\ntunnel = .\n", "t.conf:2: tunnel: found", "\".\""),
	ROW("tunnel ..", "[fence]\ntunnel = ..\n", "t.conf:2: tunnel: found", "\"..\""),

	/* [webui] */
	ROW("no port", FENCE "[webui]\nallow = lan\n", "t.conf:4: [webui]: found", "no port"),
	ROW("port 0", FENCE "[webui]\nport = 0\n", "t.conf:5: port: found", "\"0\", a port from 1 to 65535"),
	ROW("port 65536", FENCE "[webui]\nport = 65536\n", "t.conf:5: port: found", "\"65536\""),
	ROW("port that wraps", FENCE "[webui]\nport = 4294975376\n", "t.conf:5: port: found", "\"4294975376\""),
	ROW("port with a sign", FENCE "[webui]\nport = +80\n", "t.conf:5: port: found", "\"+80\""),
	ROW("port below", FENCE "[webui]\nport = -1\n", "t.conf:5: port: found", "\"-1\""),
	ROW("port with a zero", FENCE "[webui]\nport = 080\n", "t.conf:5: port: found", "\"080\""),
	ROW("port in hex", FENCE "[webui]\nport = 0x50\n", "t.conf:5: port: found", "\"0x50\""),
	ROW("two ports", FENCE "[webui]\nport = 80 81\n", "t.conf:5: port: found", "\"80 81\""),
	ROW("port by name", FENCE "[webui]\nport = http\n", "t.conf:5: port: found", "\"http\""),
	ROW("host bits", ALLOW "10.0.0.1/8\n", "t.conf:6: allow: found", "\"10.0.0.1/8\": host bits are set, 10.0.0.0/8 would be right"),
	ROW("host bits, IPv6", ALLOW "fd00:1::1/64\n", "t.conf:6: allow: found", "fd00:1::/64 would be right"),
	ROW("host bits, routed", ALLOW "10.0.0.1/8@eth0\n", "t.conf:6: allow: found", "10.0.0.0/8 would be right"),
	ROW("shorter than /8", ALLOW "10.0.0.0/7\n", "t.conf:6: allow: found", "\"10.0.0.0/7\", which is so wide that it holds strangers, /8 or longer"),
	ROW("everything", ALLOW "0.0.0.0/0\n", "t.conf:6: allow: found", "/8 or longer"),
	ROW("everything, routed", ALLOW "0.0.0.0/0@eth0\n", "t.conf:6: allow: found", "/8 or longer"),
	ROW("shorter than /32, IPv6", ALLOW "2001:db8::/31\n", "t.conf:6: allow: found", "/32 or longer"),
	ROW("everything, IPv6", ALLOW "::/0\n", "t.conf:6: allow: found", "would mean IPv4 too"),
	ROW("loopback", ALLOW "127.0.0.0/8\n", "t.conf:6: allow: found", "\"127.0.0.0/8\", which is loopback, localhost would be right"),
	ROW("a part of loopback", ALLOW "127.0.0.1\n", "t.conf:6: allow: found", "localhost would be right"),
	ROW("loopback, IPv6", ALLOW "::1\n", "t.conf:6: allow: found", "localhost would be right"),
	ROW("loopback in a prefix, IPv6", ALLOW "::/96\n", "t.conf:6: allow: found", "which is reserved"),
	ROW("the interface lo", ALLOW "lo\n", "t.conf:6: allow: found", "\"lo\", localhost would be right"),
	ROW("routed over lo", ALLOW "10.0.0.0/8@lo\n", "t.conf:6: allow: found", "localhost would be right"),
	ROW("multicast", ALLOW "224.0.0.0/4\n", "t.conf:6: allow: found", "which is multicast, a network of hosts"),
	ROW("a part of multicast", ALLOW "239.1.0.0/16\n", "t.conf:6: allow: found", "which is multicast"),
	ROW("multicast, IPv6", ALLOW "ff02::/16\n", "t.conf:6: allow: found", "which is multicast"),
	ROW("broadcast", ALLOW "255.255.255.255\n", "t.conf:6: allow: found", "which is broadcast"),
	ROW("broadcast in a prefix", ALLOW "255.0.0.0/8\n", "t.conf:6: allow: found", "which is reserved"),
	ROW("unspecified", ALLOW "0.0.0.0\n", "t.conf:6: allow: found", "which is unspecified"),
	ROW("unspecified, IPv6", ALLOW "::\n", "t.conf:6: allow: found", "which is unspecified"),
	ROW("a range", ALLOW "10.0.0.1-10.0.0.9\n", "t.conf:6: allow: found", "(1 to 15 bytes"),
	ROW("an address cut short", ALLOW "10.0.0\n", "t.conf:6: allow: found", "\"10.0.0\": no address, one such as"),
	ROW("a list with commas", ALLOW "10.0.0.0/8, lan\n", "t.conf:6: allow: found", "\"10.0.0.0/8,\": no prefix, a length"),
	ROW("routed by nothing", ALLOW "10.0.0.0/8@\n", "t.conf:6: allow: found", "\"\", an interface's name"),
	ROW("routed by a word", ALLOW "10.0.0.0/8@lan\n", "t.conf:6: allow: found", "\"lan\", a word of [webui]"),
	ROW("routed by two", ALLOW "10.0.0.0/8@a@b\n", "t.conf:6: allow: found", "\"a@b\", an interface's name"),
	ROW("routed without prefix", ALLOW "@eth0\n", "t.conf:6: allow: found", "\"\": no address"),
	ROW("interface as ip link shows it", ALLOW "eth0@if3\n", "t.conf:6: allow: found", "\"eth0\": no address"),
	ROW("interface of 16 bytes", ALLOW "e123456789012345\n", "t.conf:6: allow: found", "(1 to 15 bytes"),
	ROW("interface ..", ALLOW "eth0 ..\n", "t.conf:6: allow: found", "\"..\""),
	ROW("a network twice", ALLOW "lan 10.0.0.0/8 lan\n", "t.conf:6: allow: found", "\"lan\", which line 6 names already"),
	ROW("a network on two lines", ALLOW "lan 10.0.0.0/8\nallow = 10.0.0.0/8\n", "t.conf:7: allow: found", "\"10.0.0.0/8\", which line 6 names already"),
	ROW("an address in two spellings", ALLOW "10.1.1.1 10.1.1.1/32\n", "t.conf:6: allow: found", "names already"),
	ROW("routed twice", ALLOW "10.0.0.0/8@a 10.0.0.0/8@a\n", "t.conf:6: allow: found", "names already"),
	ROW("the tunnel as network", ALLOW "lan wg0\n", "t.conf:6: allow: found", "wg0, which is the tunnel (line 3), networks outside it"),
	ROW("the tunnel as network, later", "[webui]\nport = 1\nallow = wg0\n" FENCE, "t.conf:3: allow: found", "the tunnel (line 6)"),
	ROW("routed by the tunnel", ALLOW "10.0.0.0/8@wg0\n", "t.conf:6: allow: found", "wg0, which is the tunnel"),
	ROW("the tailnet beside the exit node", "[fence]\nunit = a.service\ntunnel = tailscale0\n[webui]\nport = 1\nallow = tailscale0\n",
	    "t.conf:6: allow: found", "the WebUI is not offered over the tailnet then"),
	ROW("a network with the resolver", DNS "10.64.0.1\n[webui]\nport = 1\nallow = lan 10.64.0.0/16\n",
	    "t.conf:8: allow: found", "10.64.0.0/16, which holds the resolver 10.64.0.1 (line 5), a network without it"),
	ROW("routed with the resolver", ALLOW "fd00::/64@eth0\n[dns]\nserver = 10.1.1.1 fd00::53\n",
	    "t.conf:6: allow: found", "fd00::/64, which holds the resolver fd00::53 (line 8)"),

	/* [dns] */
	ROW("server by name", DNS "dns.example\n", "t.conf:5: server: found", "\"dns.example\", the address of a resolver inside the tunnel"),
	ROW("server with a prefix", DNS "10.1.1.1/32\n", "t.conf:5: server: found", "\"10.1.1.1/32\""),
	ROW("server with a port", DNS "10.1.1.1:53\n", "t.conf:5: server: found", "\"10.1.1.1:53\""),
	ROW("server: v4-mapped", DNS "::ffff:10.1.1.1\n", "t.conf:5: server: found", "\"::ffff:10.1.1.1\""),
	ROW("server: MagicDNS", DNS "100.100.100.100\n", "t.conf:5: server: found", "tailscaled would ask outside the fence"),
	ROW("server: MagicDNS, IPv6", DNS "fd7a:115c:a1e0::53\n", "t.conf:5: server: found", "tailscaled would ask outside the fence"),
	ROW("server: resolved's stub", DNS "127.0.0.53\n", "t.conf:5: server: found", "which is loopback"),
	ROW("server: loopback, IPv6", DNS "::1\n", "t.conf:5: server: found", "which is loopback"),
	ROW("server: multicast", DNS "224.0.0.251\n", "t.conf:5: server: found", "which is multicast"),
	ROW("server: multicast, IPv6", DNS "ff02::fb\n", "t.conf:5: server: found", "which is multicast"),
	ROW("server: unspecified", DNS "0.0.0.0\n", "t.conf:5: server: found", "which is unspecified"),
	ROW("server: network 0", DNS "0.1.2.3\n", "t.conf:5: server: found", "which is unspecified"),
	ROW("server: unspecified, IPv6", DNS "::\n", "t.conf:5: server: found", "which is unspecified"),
	ROW("server: broadcast", DNS "255.255.255.255\n", "t.conf:5: server: found", "which is broadcast"),
	ROW("server: the bad one is last", DNS "10.1.1.1 ::1\n", "t.conf:5: server: found", "\"::1\""),
	ROW("server twice", DNS "10.1.1.1 10.1.1.1\n", "t.conf:5: server: found", "\"10.1.1.1\" twice"),
	ROW("4 servers", DNS "10.1.1.1 10.1.1.2 10.1.1.3 10.1.1.4\n", "t.conf:5: server: found", "server 4, at most 3"),

	/* [rules] */
	ROW("rule: no such kind", RULE "forward tcp 10.1.1.1 80\n", "t.conf:5: allow: found", "\"forward\", connect or serve would be right"),
	ROW("rule: no such transport", RULE "connect sctp 10.1.1.1 80\n", "t.conf:5: allow: found", "\"sctp\", tcp or udp would be right"),
	ROW("rule in capitals", RULE "connect TCP 10.1.1.1 80\n", "t.conf:5: allow: found", "\"TCP\""),
	ROW("rule: 1 word", RULE "connect\n", "t.conf:5: allow: found", "1 words, connect|serve tcp|udp ADDRESS"),
	ROW("rule: 3 words", RULE "connect tcp 10.1.1.1\n", "t.conf:5: allow: found", "3 words"),
	ROW("rule: 5 words", RULE "connect tcp 10.1.1.1 80 dev\n", "t.conf:5: allow: found", "5 words"),
	ROW("rule: 7 words", RULE "connect tcp 10.1.1.1 80 dev eth0 x\n", "t.conf:5: allow: found", "7 words or more"),
	ROW("rule: 9 words", RULE "connect tcp 10.1.1.1 80 dev eth0 x y z\n", "t.conf:5: allow: found", "7 words or more"),
	ROW("rule: not dev", RULE "connect tcp 10.1.1.1 80 on eth0\n", "t.conf:5: allow: found", "\"on\" behind the port, nothing or dev INTERFACE"),
	ROW("rule: address by name", RULE "connect tcp localhost 80\n", "t.conf:5: allow: found", "\"localhost\": no address"),
	ROW("rule: host bits", RULE "connect tcp 10.1.1.1/24 80\n", "t.conf:5: allow: found", "10.1.1.0/24 would be right"),
	ROW("rule: v4-mapped", RULE "connect tcp ::ffff:10.1.1.1 80\n", "t.conf:5: allow: found", "no address"),
	ROW("rule: IPv6 that holds IPv4", RULE "connect tcp ::/0 80\n", "t.conf:5: allow: found", "would mean IPv4 too"),
	ROW("rule: length 33", RULE "connect tcp 10.1.1.1/33 80\n", "t.conf:5: allow: found", "/0 to /32"),
	ROW("rule: port 0", RULE "connect tcp 10.1.1.1 0\n", "t.conf:5: allow: found", "\"0\", a port from 1 to 65535"),
	ROW("rule: port 65536", RULE "connect tcp 10.1.1.1 65536\n", "t.conf:5: allow: found", "\"65536\""),
	ROW("rule: port with a sign", RULE "serve udp 10.1.1.1 +80\n", "t.conf:5: allow: found", "\"+80\""),
	ROW("rule: port with a zero", RULE "serve udp 10.1.1.1 080\n", "t.conf:5: allow: found", "\"080\""),
	ROW("rule: two ports", RULE "serve udp 10.1.1.1 80-90\n", "t.conf:5: allow: found", "\"80-90\""),
	ROW("rule: dev localhost", RULE "connect tcp 10.1.1.1 80 dev localhost\n", "t.conf:5: allow: found", "a word of [webui]"),
	ROW("rule: dev lan", RULE "connect tcp 10.1.1.1 80 dev lan\n", "t.conf:5: allow: found", "a word of [webui]"),
	ROW("rule: dev of 16 bytes", RULE "connect tcp 10.1.1.1 80 dev e123456789012345\n", "t.conf:5: allow: found", "(1 to 15 bytes"),
	ROW("rule: dev ..", RULE "connect tcp 10.1.1.1 80 dev ..\n", "t.conf:5: allow: found", "\"..\""),
	ROW("rule: dev the tunnel", RULE "connect tcp 10.1.1.1 80 dev wg0\n", "t.conf:5: allow: found", "dev wg0, which is the tunnel (line 3)"),
	ROW("rule: dev the tunnel, later", "[rules]\nallow = serve udp 10.1.1.1 80 dev wg0\n" FENCE, "t.conf:2: allow: found", "the tunnel (line 5)"),
	ROW("rule twice", RULE "connect tcp 10.1.1.1 80\n\nallow = connect  tcp 10.1.1.1/32 80\n", "t.conf:7: allow: found", "the rule of line 5 again"),
	ROW("rule with dev twice", RULE "serve udp fd00::/8 80 dev a\nallow = serve udp fd00::/8 80 dev a\n", "t.conf:6: allow: found", "the rule of line 5 again"),
	ROW("serve tcp of the WebUI's port", WEBUI "[rules]\nallow = serve tcp 10.0.0.0/8 8080\n", "t.conf:7: allow: found", "serve tcp of port 8080, which is the WebUI's (line 5)"),
	ROW("serve tcp of it, earlier", RULE "serve tcp 10.0.0.0/8 8080 dev eth0\n[webui]\nport = 8080\n", "t.conf:5: allow: found", "the WebUI's (line 7)"),
};
// clang-format on

static void test_refused(void **state)
{
	const struct row *row = *state;
	static struct config ret, before;
	struct err e = {0};

	memset(&ret, 0xa5, sizeof(ret));
	before = ret;
	if (!config_parse(row->text, row->len, "t.conf", "t", &ret, &e))
		fail_msg("was accepted");
	assert_memory_equal(&ret, &before, sizeof(ret));
	assert_int_equal(e.code, EXIT_MISUSE);
	if (strncmp(e.text, row->where, strlen(row->where)) != 0 || !strstr(e.text, row->says))
		fail_msg("said: %s", e.text);
	if (!strstr(e.text, "would be right"))
		fail_msg("does not say what would be right: %s", e.text);
	for (const char *c = e.text; *c; c++)
		assert_in_range(*c, 0x20, 0x7e);
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(*rows) };
	static struct CMUnitTest tests[N];

	for (unsigned i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){.name = rows[i].name,
					       .test_func = test_refused,
					       .initial_state = (void *)&rows[i]};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("config refusals", tests, NULL, NULL);
}
