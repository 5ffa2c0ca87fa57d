// SPDX-License-Identifier: GPL-2.0-only
/* Where cgroup2 is, what a slice is called, and whether cgroup v1 takes the sockets: the pure
 * parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cgroup.h"

static void test_mount(void **state)
{
	static const struct {
		const char *text, *where; /* where NULL: there is none */
	} cases[] = {
		{"29 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n",
		 "/sys/fs/cgroup"},
		{"24 1 0:20 / /sys rw - sysfs sysfs rw\n"
		 "30 24 0:27 / /sys/fs/cgroup ro - tmpfs tmpfs rw\n"
		 "31 30 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup rw\n"
		 "32 30 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n",
		 "/sys/fs/cgroup/unified"},
		/* A part of the tree, bound elsewhere, is not the tree. */
		{"31 30 0:28 /user.slice /mnt rw - cgroup2 cgroup rw\n"
		 "32 30 0:28 / /cg rw - cgroup2 cgroup rw",
		 "/cg"},
		{"31 30 0:28 /user.slice /mnt rw - cgroup2 cgroup rw\n", NULL},
		{"32 30 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup2 rw,cpu\n", NULL},
		{"no mountinfo at all", NULL},
		{"", NULL},
	};
	char where[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool found = cgroup_find_mount(cases[i].text, where, sizeof(where));

		assert_int_equal(found, cases[i].where != NULL);
		if (found)
			assert_string_equal(where, cases[i].where);
	}
}

/* As systemd-escape writes them; a dash would make fence `a` the parent of fence `a-b`. */
static void test_slice(void **state)
{
	static const char *const cases[][2] = {
		{"qbittorrent", "/wgfence.slice/wgfence-qbittorrent.slice"},
		{"a-b", "/wgfence.slice/wgfence-a\\x2db.slice"},
		{"q@tv:1_x", "/wgfence.slice/wgfence-q\\x40tv:1_x.slice"},
	};
	char slice[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cgroup_slice(cases[i][0], slice, sizeof(slice));
		assert_string_equal(slice, cases[i][1]);
	}
}

static void test_own_path(void **state)
{
	static const struct {
		const char *text, *path; /* path NULL: it cannot be told */
	} cases[] = {
		{"0::/wgfence.slice/wgfence-q.slice/x.service\n",
		 "/wgfence.slice/wgfence-q.slice/x.service"},
		{"0::/\n", "/"},
		/* A hybrid layout: systemd's own hierarchy and those of v1 come first. */
		{"9:name=systemd:/a.service\n1:cpu,cpuacct:/b\n0::/c.service\n", "/c.service"},
		{"10::/x\n0::/c", "/c"},
		{"0::/a:b\n", "/a:b"},
		{"9:name=systemd:/a.service\n1:cpu:/b\n", NULL},
		{"1:name=0::/x:/y\n", NULL},
		{"0::/../x.service\n", NULL}, /* above this cgroup namespace */
		{"0::/..\n", NULL},
		{"0::/x.service (deleted)\n", NULL},
		{"0::\n", NULL},
		{"0::/toolongtoolongtoolongtoolongtoolongtoolongtoolongtoolongtoolongtoo\n", NULL},
		{"", NULL},
	};
	char path[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool found = cgroup_own_path(cases[i].text, path, sizeof(path));

		assert_int_equal(found, cases[i].path != NULL);
		if (found)
			assert_string_equal(path, cases[i].path);
	}
}

static void test_v1_takes_sockets(void **state)
{
	static const char head[] = "#subsys_name\thierarchy\tnum_cgroups\tenabled\n";
	static const struct {
		const char *line, *release;
		bool taken;
	} cases[] = {
		{"net_cls\t0\t1\t1\nnet_prio\t0\t1\t1\n", "5.10.0-32-amd64", false},
		{"net_cls\t3\t1\t1\n", "5.10.0-32-amd64", true},
		{"cpu\t2\t1\t1\nnet_prio\t7\t9\t1\n", "5.14.21", true},
		{"net_cls\t3\t1\t1\n", "5.15.0", false},
		{"net_cls\t3\t1\t1\n", "6.1.0-50-amd64", false},
		{"net_cls\t3\t1\t1\n", "gibberish", true},
		{"cpu\t2\t1\t1\n", "5.10.0", false},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "%s%s", head, cases[i].line);
		assert_int_equal(cgroup_v1_takes_sockets(text, cases[i].release), cases[i].taken);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mount),
		cmocka_unit_test(test_slice),
		cmocka_unit_test(test_own_path),
		cmocka_unit_test(test_v1_takes_sockets),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("cgroup", tests, NULL, NULL);
}
