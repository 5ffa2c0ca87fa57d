// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which line of the drop-in holds for a unit, given its properties as systemd tells them.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>

#include "check_sandbox.h"
#include "init_dropin.h"
#include "init_property.h"

static const struct row {
	const char *line, *property;
	bool holds;
} rows[] = {
	{"NoNewPrivileges=yes", "NoNewPrivileges=yes", true},
	{"NoNewPrivileges=yes", "NoNewPrivileges=no", false},
	{"PrivateTmp=yes", "PrivateTmp=no", false},
	/* An older systemd does not know it. */
	{"PrivateIPC=yes", "Other=no", true},
	{"CapabilityBoundingSet=", "CapabilityBoundingSet=0", true},
	{"CapabilityBoundingSet=", "CapabilityBoundingSet=1024", true},	 /* NET_BIND_SERVICE */
	{"CapabilityBoundingSet=", "CapabilityBoundingSet=8192", false}, /* NET_RAW */
	{"CapabilityBoundingSet=", "CapabilityBoundingSet=2199023255551", false},
	{"CapabilityBoundingSet=~CAP_NET_ADMIN CAP_NET_RAW", "CapabilityBoundingSet=1", true},
	{"CapabilityBoundingSet=~CAP_NET_ADMIN CAP_NET_RAW", "CapabilityBoundingSet=4096", false},
	{"AmbientCapabilities=", "AmbientCapabilities=8192", false},
	{"RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
	 "RestrictAddressFamilies=AF_UNIX AF_INET", true},
	{"RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
	 "RestrictAddressFamilies=AF_UNIX AF_PACKET", false},
	{"RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK", "RestrictAddressFamilies=~",
	 false},
	{"RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
	 "RestrictAddressFamilies=~AF_PACKET", false},
	{"RestrictAddressFamilies=", "RestrictAddressFamilies=AF_INET", true},
	{"RestrictNamespaces=yes", "RestrictNamespaces=0", true},
	{"RestrictNamespaces=yes", "RestrictNamespaces=1073741824", false},
	{"SystemCallArchitectures=native", "SystemCallArchitectures=native", true},
	{"SystemCallArchitectures=native", "SystemCallArchitectures=", false},
	{"SystemCallFilter=@system-service", "SystemCallFilter=read write", true},
	{"SystemCallFilter=@system-service", "SystemCallFilter=~reboot", false},
	{"SystemCallFilter=~bpf ptrace", "SystemCallFilter=read write", true},
	{"SystemCallFilter=~bpf ptrace", "SystemCallFilter=read bpf write", false},
	{"SystemCallFilter=~bpf ptrace", "SystemCallFilter=read bpf:EPERM", false},
	{"SystemCallFilter=~bpf ptrace", "SystemCallFilter=~", false},
	{"SystemCallFilter=~bpf ptrace", "SystemCallFilter=~bpf", false},
	{"SystemCallFilter=~bpf ptrace", "SystemCallFilter=~ptrace bpf:EPERM kcmp", true},
	{"SystemCallFilter=~@keyring @obsolete", "SystemCallFilter=~request_key add_key", true},
	{"SystemCallFilter=~@keyring @obsolete", "SystemCallFilter=~add_key", false},
	{"SystemCallErrorNumber=EPERM", "SystemCallErrorNumber=0", true},
	{"InaccessiblePaths=-/sys/fs/bpf -/sys/fs/cgroup",
	 "InaccessiblePaths=-/sys/fs/cgroup /sys/fs/bpf", true},
	{"InaccessiblePaths=-/sys/fs/bpf -/sys/fs/cgroup", "InaccessiblePaths=-/sys/fs/cgroup2",
	 false},
	{"TemporaryFileSystem=/run:ro", "TemporaryFileSystem=/etc:ro /run:ro", true},
	{"TemporaryFileSystem=/run:ro", "TemporaryFileSystem=/runs:ro", false},
	{"TemporaryFileSystem=/etc:ro", "TemporaryFileSystem=", false},
	{"BindReadOnlyPaths=-/run/wgfence/a/resolv.conf:/etc/resolv.conf",
	 "BindReadOnlyPaths=/etc/ssl:/etc/ssl /run/wgfence/a/resolv.conf:/etc/resolv.conf", true},
	{"BindReadOnlyPaths=-/run/wgfence/a\\:b/resolv.conf:/etc/resolv.conf",
	 "BindReadOnlyPaths=/run/wgfence/a:b/resolv.conf:/etc/resolv.conf", true},
	{"BindReadOnlyPaths=-/run/wgfence/a/resolv.conf:/etc/resolv.conf",
	 "BindReadOnlyPaths=/etc/resolv.conf:/etc/resolv.conf", false},
	{"BindReadOnlyPaths=-/etc/ssl", "BindReadOnlyPaths=", true},
	{"Delegate=no", "Delegate=yes", false},
	{"Delegate=no", "Delegate=no", true},
	{"ProtectSystem=full", "ProtectSystem=strict", true},
	{"ProtectSystem=strict", "ProtectSystem=full", false},
	{"ProtectHome=read-only", "ProtectHome=yes", true},
	{"ProtectHome=yes", "ProtectHome=no", false},
	{"DevicePolicy=closed", "DevicePolicy=auto", false},
	{"ProcSubset=pid", "ProcSubset=all", false},
	{"KeyringMode=private", "KeyringMode=private", true},
	{"ReadWritePaths=-/var/lib/x", "ReadWritePaths=", true},
	{"ExecStartPre=+/usr/bin/wgfence ready a", "ExecStartPre=", true},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char property[256], *one[] = {property, NULL};
		const struct list properties = {one, 1};

		snprintf(property, sizeof(property), "%s", rows[i].property);
		if (sandbox_holds(rows[i].line, &properties) != rows[i].holds)
			fail_msg("%s with %s", rows[i].line, rows[i].property);
	}
}

/* Whatever init writes has something to say for itself, and a place among the walls or not. */
static void test_walls(void **state)
{
	(void)state;
	assert_true(dropin_is_wall("RestrictAddressFamilies"));
	assert_true(dropin_is_wall("SystemCallFilter"));
	assert_true(dropin_is_wall("TemporaryFileSystem"));
	assert_false(dropin_is_wall("ProtectClock"));
	assert_false(dropin_is_wall("PrivateTmp"));
	assert_non_null(sandbox_why("ProtectClock=yes"));
	assert_ptr_not_equal(sandbox_why("Delegate=no"), sandbox_why("ProtectClock=yes"));
}

static void test_property(void **state)
{
	char a[] = "Key=one two", b[] = "KeyTwo=", *both[] = {a, b, NULL};
	const struct list properties = {both, 2};

	(void)state;
	assert_string_equal(property_value(&properties, "Key"), "one two");
	assert_string_equal(property_value(&properties, "KeyTwo"), "");
	assert_null(property_value(&properties, "Ke"));
	assert_true(property_has("one two", "two"));
	assert_false(property_has("one two", "tw"));
	assert_false(property_has("", "one"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_walls),
		cmocka_unit_test(test_property),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("check_sandbox", tests, NULL, NULL);
}
