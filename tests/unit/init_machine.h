/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine for the tests of `init`: a directory with a unit's, a tunnel's and qBittorrent's files.
 *
 * Owns: what the service manager and the kernel would say of it, and its end.
 */
#ifndef WGF_TEST_INIT_MACHINE_H
#define WGF_TEST_INIT_MACHINE_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init_check.h"
#include "init_file.h"
#include "init_plan.h"

#define CONF   "/home/u/.config/qBittorrent/qBittorrent.conf"
#define DROPIN "/etc/systemd/system/q@u.service.d/wgfence.conf"
#define SLICE  "/etc/systemd/system/wgfence-q\\x40u.slice.d/wgfence.conf"

static char root[64];
static struct err e;
static struct unit unit;
static struct findings f;
static struct dropin d;
static struct plan p;

static struct link links[] = {
	{1, 0, 0, 0, "lo", ""}, {2, 0, 1, 0, "eth0", ""}, {3, 1, 65534, 0, "wg0", "wireguard"}};
static struct addr addrs[2];
static const struct inventory inv = {.links = links, .n_links = 3, .addrs = addrs, .n_addrs = 2};

static inline void make_dirs(const char *path)
{
	char full[512];

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	mkdir(full, 0755);
}

static inline void put(const char *path, const char *text)
{
	char dir[256];

	snprintf(dir, sizeof(dir), "%s", path);
	*strrchr(dir, '/') = '\0';
	make_dirs(dir);
	assert_int_equal(init_file_write(root, path, text, &e), 0);
}

static inline int set_up(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/test_init_find.XXXXXX");
	if (!mkdtemp(root))
		return -1;
	assert_true(ip_parse("192.168.1.10", &addrs[0].local));
	addrs[0].ifindex = 2;
	addrs[0].network = (struct prefix){addrs[0].local, 96 + 24};
	addrs[0].network.addr.b[15] = 0;
	assert_true(ip_parse("10.2.0.2", &addrs[1].local));
	addrs[1].ifindex = 3;
	addrs[1].network = (struct prefix){addrs[1].local, 128};
	make_dirs("/etc/systemd/system");
	make_dirs("/srv/dl");
	make_dirs("/home/u/.cache/qBittorrent");
	make_dirs("/home/u/.local/share/qBittorrent/BT_backup");
	put("/lib/systemd/system/q@.service", "[Service]\nExecStart=/usr/bin/qbittorrent-nox\n");
	put("/etc/wireguard/wg0.conf", "[Interface]\nDNS = 10.2.0.1\n");
	put(CONF,
	    "[BitTorrent]\nSession\\DefaultSavePath=/srv/dl\n[Preferences]\nWebUI\\Port=81\n");
	snprintf(unit.id, sizeof(unit.id), "q@u.service");
	unit.fragment = strdup("/lib/systemd/system/q@.service");
	unit.user = strdup("u");
	unit.netns_path = strdup("");
	assert_int_equal(list_add(&unit.exec, &e, "/usr/bin/qbittorrent-nox"), 0);
	return list_add(&unit.environment, &e, "HOME=/home/u");
}

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline int tear_down(void **state)
{
	(void)state;
	unit_free(&unit);
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void forget(void)
{
	plan_free(&p);
	dropin_free(&d);
	findings_free(&f);
}

static inline struct ask asked(void)
{
	return (struct ask){.root = root, .unit = unit.id, .binary = "/usr/bin/wgfence"};
}

static inline int look(const struct ask *ask)
{
	return find_all(ask, &unit, &inv, &f, &e) || check_findings(&f, &inv, &e) ||
			       dropin_make(&f, &d, &e) || plan_write(ask, &f, &d, &p, &e)
		       ? -1
		       : 0;
}

static inline bool is_noted(const char *part)
{
	for (unsigned i = 0; i < f.notes.n; i++)
		if (strstr(f.notes.v[i], part))
			return true;
	return false;
}

static inline bool is_there(const char *path)
{
	char full[512];

	snprintf(full, sizeof(full), "%s%s", root, path);
	return access(full, F_OK) == 0;
}

#endif
