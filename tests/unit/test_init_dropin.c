// SPDX-License-Identifier: GPL-2.0-only
/*
 * The drop-in: that it tightens a unit that has nothing, and leaves no unit with more than it had.
 * A row is what the unit's own file says, and the lines that one key gets for it.
 */
#include "init_dropin.h"
#include "init_found.h"
#include "table.h"

#define S "[Service]\n"

static const struct row {
	const char *name, *text, *key;
	const char *lines; /* joined by '|'; empty: none */
} rows[] = {
	{"a switch that is off", S, "NoNewPrivileges", "yes"},
	{"a switch that is off on purpose", S "PrivateTmp=false\n", "PrivateTmp", "yes"},
	{"a switch that is on", S "NoNewPrivileges=true\n", "NoNewPrivileges", ""},
	{"a switch with more than on", S "PrivateUsers=self\n", "PrivateUsers", ""},
	{"a switch in another section", "[Unit]\nNoNewPrivileges=yes\n", "NoNewPrivileges", "yes"},

	{"families: none said", S, "RestrictAddressFamilies",
	 "AF_INET AF_INET6 AF_UNIX AF_NETLINK"},
	{"families: fewer", S "RestrictAddressFamilies=AF_INET AF_INET6\n",
	 "RestrictAddressFamilies", ""},
	{"families: others", S "RestrictAddressFamilies=AF_INET AF_PACKET\n",
	 "RestrictAddressFamilies", "~AF_PACKET"},
	{"families: in two lines",
	 S "RestrictAddressFamilies=AF_INET\nRestrictAddressFamilies=AF_VSOCK "
	   "AF_UNIX\n",
	 "RestrictAddressFamilies", "~AF_VSOCK"},
	{"families: not at all", S "RestrictAddressFamilies=none\n", "RestrictAddressFamilies", ""},
	{"families: some denied", S "RestrictAddressFamilies=~AF_PACKET AF_UNIX\n",
	 "RestrictAddressFamilies", "|AF_INET AF_INET6 AF_NETLINK"},
	{"families: all of ours denied",
	 S "RestrictAddressFamilies=~AF_INET AF_INET6 AF_UNIX AF_NETLINK\n",
	 "RestrictAddressFamilies", "|none"},
	{"families: denied, then begun anew",
	 S "RestrictAddressFamilies=~AF_UNIX\nRestrictAddressFamilies=\n",
	 "RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK"},

	{"namespaces: a list", S "RestrictNamespaces=user net\n", "RestrictNamespaces", "yes"},
	{"namespaces: all", S "RestrictNamespaces=on\n", "RestrictNamespaces", ""},
	{"architectures: more", S "SystemCallArchitectures=native x86\n", "SystemCallArchitectures",
	 "|native"},
	{"architectures: the same", S "SystemCallArchitectures=native\n", "SystemCallArchitectures",
	 ""},
	{"an error number of its own", S "SystemCallErrorNumber=EACCES\n", "SystemCallErrorNumber",
	 ""},
	{"delegated", S "Delegate=cpu memory\n", "Delegate", "no"},
	{"not delegated", S "Delegate=no\n", "Delegate", ""},

	{"capabilities", S "CapabilityBoundingSet=CAP_NET_ADMIN\n", "CapabilityBoundingSet", ""},
	{"a low port", S "AmbientCapabilities=CAP_NET_BIND_SERVICE\n", "AmbientCapabilities",
	 "|CAP_NET_BIND_SERVICE"},
	{"a low port's bounds", S "AmbientCapabilities=CAP_NET_BIND_SERVICE\n",
	 "CapabilityBoundingSet", "|CAP_NET_BIND_SERVICE"},
	{"a low port is bound in the host's namespace",
	 S "AmbientCapabilities=CAP_NET_BIND_SERVICE\n", "PrivateUsers", ""},

	{"processes: tighter", S "ProtectProc=ptraceable\n", "ProtectProc", ""},
	{"processes: looser", S "ProtectProc=noaccess\n", "ProtectProc", "invisible"},
	{"processes: a word of the future", S "ProtectProc=nothing\n", "ProtectProc", ""},
	{"devices: tighter", S "DevicePolicy=strict\n", "DevicePolicy", ""},

	{"system: loose", S "ProtectSystem=true\n", "ProtectSystem", "strict"},
	{"system: strict", S "ProtectSystem=strict\n", "ProtectSystem", ""},
	{"what a strict unit may write is its own to say", S "ProtectSystem=strict\n",
	 "ReadWritePaths", ""},
	{"what may be written", S, "ReadWritePaths", "-/srv/dl"},
	{"what the unit shuts stays shut", S "ReadOnlyPaths=/srv\n", "ReadWritePaths", ""},
	{"what might be shut stays as it is", S "ReadOnlyPaths=\"/srv\"\n", "ReadWritePaths", ""},
	{"and then not all the rest is shut", S "ReadOnlyPaths=/srv\n", "ProtectSystem", "full"},
	{"what leads around the fence is hidden", S, "InaccessiblePaths",
	 "-/sys/fs/bpf -/sys/fs/cgroup -/var/lib/sss/pipes -/dev/infiniband"},
	{"what the unit hides stays hidden", S "InaccessiblePaths=-/srv/dl\n", "ReadWritePaths",
	 ""},
	{"a name that begins alike is another", S "ReadOnlyPaths=/srv/d\n", "ReadWritePaths",
	 "-/srv/dl"},
	{"names", S, "TemporaryFileSystem", "/run:ro|/etc:ro"},
	{"on the bus, /run is where it meets it", S "Type=dbus\n", "TemporaryFileSystem",
	 "/etc:ro"},
	{"a note in /run for the manager", S "PIDFile=/run/q.pid\n", "TemporaryFileSystem",
	 "/etc:ro"},
	{"a note in a directory there", S "PIDFile=/var/run/q/q.pid\n", "BindPaths",
	 "-/run/media|-/run/q"},
	{"a note elsewhere", S "PIDFile=/srv/q.pid\n", "BindPaths", "-/run/media"},
	{"directories of its own in /run", S "RuntimeDirectory=q/%i r:s\n", "BindPaths",
	 "-/run/media|-/run/q/%i|-/run/r"},

	{"homes", S, "ProtectHome", "yes"},
	{"homes: some of it", S "ProtectHome=tmpfs\n", "ProtectHome", ""},
};

static void assert_lines(const struct list *lines, const char *key, const char *wanted)
{
	char joined[1024] = "";
	unsigned n = 0;

	for (unsigned i = 0; i < lines->n; i++)
		if (strncmp(lines->v[i], key, strlen(key)) == 0 &&
		    lines->v[i][strlen(key)] == '=') {
			strcat(joined, n++ ? "|" : "");
			strcat(joined, lines->v[i] + strlen(key) + 1);
		}
	assert_string_equal(joined, wanted);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct findings f = found(row->text);
	struct dropin d;

	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_lines(&d.service, row->key, row->lines);
	dropin_free(&d);
	findings_free(&f);
}

static void test_frame(void **state)
{
	struct findings f = found(S);
	struct dropin d;

	(void)state;
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_line(&d.unit, "Wants=wgfence@q\\x2dx.service");
	assert_line(&d.unit, "After=wgfence@q\\x2dx.service");
	assert_int_equal(d.unit.n, 2);
	assert_string_equal(d.service.v[0], "Slice=wgfence-q\\x2dx.slice");
	assert_string_equal(d.service.v[1], "ExecStartPre=+/usr/bin/wgfence ready q-x");
	dropin_free(&d);
	strcpy(f.tunnel_unit, "wg-quick@wg0.service");
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_line(&d.unit, "After=wg-quick@wg0.service");
	assert_int_equal(d.unit.n, 3);
	dropin_free(&d);
	findings_free(&f);
}

/* Into a list of system calls that the unit has, nothing is put; out of it, ours are taken. */
static void test_syscalls(void **state)
{
	static const struct {
		const char *text;
		unsigned n;
	} cases[] = {
		{S, 3}, {S "SystemCallFilter=@basic-io\n", 2}, {S "SystemCallFilter=~ptrace\n", 2}};

	(void)state;
	for (unsigned i = 0; i < N(cases); i++) {
		struct findings f = found(cases[i].text);
		struct dropin d;

		assert_int_equal(dropin_make(&f, &d, &e), 0);
		assert_int_equal(count_key(&d.service, "SystemCallFilter"), cases[i].n);
		assert_int_equal(list_has(&d.service, "SystemCallFilter=@system-service"),
				 cases[i].n == 3);
		dropin_free(&d);
		findings_free(&f);
	}
}

static void test_others(void **state)
{
	struct findings f = found(S);
	struct dropin d;

	(void)state;
	/* What was tried with qBittorrent alone is for that alone. */
	f.qbittorrent = false;
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_line(&d.service, "NoNewPrivileges=yes");
	assert_line(&d.service, "RestrictNamespaces=yes");
	assert_int_equal(count_key(&d.service, "MemoryDenyWriteExecute") +
				 count_key(&d.service, "ProtectSystem") +
				 count_key(&d.service, "ReadWritePaths") +
				 count_key(&d.service, "ProtectHome"),
			 0);
	dropin_free(&d);
	/* Root without all capabilities could not write what others own. */
	f.user[0] = '\0';
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_false(list_has(&d.service, "CapabilityBoundingSet="));
	assert_int_equal(count_key(&d.service, "CapabilityBoundingSet"), 1);
	dropin_free(&d);
	findings_free(&f);
}

static void test_paths(void **state)
{
	struct findings f = found(S);
	struct dropin d;

	(void)state;
	list_add(&f.paths, &e, "/home/u/a b\"\\%%c");
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_line(&d.service, "ReadWritePaths=\"-/home/u/a b\\\"\\\\%%c\"");
	assert_line(&d.service, "ProtectHome=read-only");
	assert_line(&d.service, "PrivateTmp=yes");
	dropin_free(&d);
	list_add(&f.paths, &e, "/var/tmp/x");
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_int_equal(count_key(&d.service, "PrivateTmp"), 0);
	assert_line(&d.service, "ReadWritePaths=-/tmp -/var/tmp");
	dropin_free(&d);
	/* Where it is not known what is written, nothing is hidden. */
	f.paths_known = false;
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_line(&d.service, "ProtectSystem=full");
	assert_int_equal(count_key(&d.service, "ProtectHome") +
				 count_key(&d.service, "PrivateTmp") +
				 count_key(&d.service, "ReadWritePaths"),
			 0);
	dropin_free(&d);
	findings_free(&f);
}

/* A unit sees what the daemon writes, under the names that libc reads; a colon would end a path. */
static void test_names(void **state)
{
	struct findings f = found(S);
	struct dropin d;

	(void)state;
	strcpy(f.name, "q:1");
	list_add(&f.etc, &e, "/etc/q");
	list_add(&f.paths, &e, "/run/dbus");
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_line(&d.service,
		    "BindReadOnlyPaths=-/run/wgfence/q\\:1/resolv.conf:/etc/resolv.conf");
	assert_line(&d.service,
		    "BindReadOnlyPaths=-/run/wgfence/q\\:1/nsswitch.conf:/etc/nsswitch.conf");
	assert_line(&d.service, "BindReadOnlyPaths=-/etc/q");
	/* What the service's user says that it writes to brings nothing of /run back into sight. */
	assert_false(list_has(&d.service, "BindPaths=-/run/dbus"));
	assert_line(&d.service, "BindPaths=-/run/media");
	dropin_free(&d);
	/* Others may write to their own part of /etc, where they could before. */
	f.qbittorrent = false;
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_line(&d.service, "BindPaths=-/etc/q");
	dropin_free(&d);
	list_free(&f.texts);
	list_add(&f.texts, &e, S "ProtectSystem=full\n");
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	assert_line(&d.service, "BindReadOnlyPaths=-/etc/q");
	dropin_free(&d);
	findings_free(&f);
}

int main(void)
{
	struct CMUnitTest tests[N(rows) + 5], *end;

	end = TABLE_ADD(tests, rows, test_row, NULL);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_frame);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_syscalls);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_others);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_paths);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_names);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("init_dropin", tests, (size_t)(end - tests), NULL, NULL);
}
