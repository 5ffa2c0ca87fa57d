// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a unit to files, in a directory of the test's: what is found, said, written, left alone when
 * edited, and taken away. What the service manager and the kernel would say is given.
 */
#include "init_machine.h"

static void test_found(void **state)
{
	const struct ask ask = asked();

	(void)state;
	assert_int_equal(look(&ask), 0);
	assert_string_equal(f.name, "q@u");
	assert_string_equal(f.tunnel, "wg0");
	assert_string_equal(f.tunnel_unit, "wg-quick@wg0.service");
	assert_int_equal(f.webui_port, 81);
	assert_string_equal(f.webui_from, CONF);
	assert_true(list_has(&f.servers, "10.2.0.1"));
	assert_true(f.paths_known);
	assert_true(list_has(&f.paths, "/srv/dl"));
	assert_true(list_has(&f.paths, "/home/u/.local/share/qBittorrent"));
	assert_false(list_has(&f.paths, "/home/u"));
	assert_int_equal(f.notes.n, 0);
	assert_int_equal(plan_changes(&p), 3);
	forget();
}

/* The whole way: written, nothing to do, edited, forced, removed. */
static void test_life(void **state)
{
	struct ask ask = asked();
	char *text, *edited;
	size_t len;

	(void)state;
	assert_int_equal(look(&ask), 0);
	assert_null(plan_obstacle(&p));
	assert_int_equal(plan_apply(&p, &e), 0);
	assert_true(is_there("/etc/wgfence/q@u.conf") && is_there(DROPIN) && is_there(SLICE));
	forget();

	/* systemd knows our drop-in now; it must not count as the unit's own. */
	assert_int_equal(list_add(&unit.dropins, &e, DROPIN), 0);
	assert_int_equal(look(&ask), 0);
	assert_int_equal(plan_changes(&p), 0);
	forget();

	/* A change of what is found replaces what nobody edited. */
	put(CONF, "[BitTorrent]\nSession\\DefaultSavePath=/srv/dl\n");
	assert_int_equal(look(&ask), 0);
	assert_int_equal(plan_changes(&p), 1);
	assert_null(plan_obstacle(&p));
	assert_int_equal(p.files[PATH_CONF].state, PLAN_OLD);
	forget();

	/* A configuration that was edited, and is right, is kept; unless it is told otherwise. */
	assert_int_equal(init_file_read(root, "/etc/wgfence/q@u.conf", &text, &len, &e), 1);
	assert_true(asprintf(&edited, "%s# mine\n", text) > 0);
	put("/etc/wgfence/q@u.conf", edited);
	free(edited);
	free(text);
	assert_int_equal(look(&ask), 0);
	assert_int_equal(p.files[PATH_CONF].state, PLAN_KEPT);
	assert_string_equal(f.tunnel_from, "as /etc/wgfence/q@u.conf says");
	assert_int_equal(plan_changes(&p), 0);
	forget();
	ask.replace = true;
	assert_int_equal(look(&ask), 0);
	assert_int_equal(p.files[PATH_CONF].state, PLAN_EDITED);
	assert_ptr_equal(plan_obstacle(&p), &p.files[PATH_CONF]);
	assert_int_equal(plan_apply(&p, &e), 0);
	forget();

	assert_int_equal(plan_remove(&ask, "q@u", unit.id, &p, &e), 0);
	assert_int_equal(plan_changes(&p), 3);
	assert_null(plan_obstacle(&p));
	assert_int_equal(plan_apply(&p, &e), 0);
	assert_false(is_there("/etc/wgfence/q@u.conf") || is_there(DROPIN) || is_there(SLICE));
	assert_true(is_there("/etc/wgfence"));
	forget();
	assert_int_equal(plan_remove(&ask, "q@u", unit.id, &p, &e), 0);
	assert_int_equal(plan_changes(&p), 0);
	forget();
}

static void test_foreign(void **state)
{
	const struct ask ask = asked();

	(void)state;
	put(DROPIN, "[Service]\nNice=5\n");
	assert_int_equal(look(&ask), 0);
	assert_ptr_equal(plan_obstacle(&p), &p.files[PATH_DROPIN]);
	assert_int_equal(p.files[PATH_DROPIN].state, PLAN_FOREIGN);
	forget();
	/* Wrong, and not of init: whose it is cannot be told. */
	put("/etc/wgfence/q@u.conf", "[fence]\nunit = q@u.service\n");
	assert_int_equal(look(&ask), -1);
	assert_non_null(strstr(e.text, "mend it, or --force replaces the file"));
	forget();
	/* The name is another unit's. */
	put("/etc/wgfence/q@u.conf", "[fence]\nunit = x.service\ntunnel = wg0\n");
	assert_int_equal(look(&ask), -1);
	assert_non_null(strstr(e.text, "is the fence of x.service"));
	forget();
}

/* The second step fails: the first is there, inert, and the drop-in is not. */
static void test_half(void **state)
{
	const struct ask ask = asked();

	(void)state;
	assert_int_equal(look(&ask), 0);
	put(SLICE "/in-the-way", "");
	assert_int_equal(plan_apply(&p, &e), -1);
	assert_true(is_there("/etc/wgfence/q@u.conf"));
	assert_false(is_there(DROPIN));
	forget();
}

static void test_names(void **state)
{
	struct ask ask = asked();
	char name[FENCE_NAME_MAX + 1], word[256];

	(void)state;
	find_default_name("a.b\\x2dc@d-e.service", name);
	assert_string_equal(name, "a_b_x2dc@d-e");
	assert_true(find_unit_name("a@b.c", word, sizeof(word)));
	assert_string_equal(word, "a@b.c.service");
	assert_true(find_unit_name("a.service", word, sizeof(word)));
	assert_string_equal(word, "a.service");
	assert_false(find_unit_name("../a", word, sizeof(word)));
	assert_false(find_unit_name("", word, sizeof(word)));
	/* A fence keeps the name that it was given. */
	ask.name = "other";
	assert_int_equal(look(&ask), 0);
	assert_int_equal(plan_apply(&p, &e), 0);
	forget();
	ask.name = NULL;
	assert_int_equal(find_fence_name(&ask, unit.id, name, &e), 0);
	assert_string_equal(name, "other");
	ask.name = "third";
	assert_int_equal(find_fence_name(&ask, unit.id, name, &e), -1);
	ask.name = NULL;
	ask.binary = "/opt/with blank/wgfence";
	assert_int_equal(look(&ask), -1);
	forget();
}

static void test_tunnel(void **state)
{
	struct ask ask = asked();

	(void)state;
	strcpy(links[1].kind, "wireguard");
	assert_int_equal(look(&ask), -1);
	assert_non_null(strstr(e.text, "several WireGuard interfaces (eth0, wg0)"));
	ask.tunnel = "wg0";
	assert_int_equal(look(&ask), 0);
	forget();
	ask.tunnel = "wg7";
	assert_int_equal(look(&ask), 0);
	assert_true(is_noted("wg7 is not there now"));
	assert_string_equal(f.tunnel_unit, "");
	forget();
	strcpy(links[1].kind, "tun");
	ask.tunnel = "eth0";
	assert_int_equal(look(&ask), 0);
	assert_true(is_noted("eth0 is no WireGuard interface."));
	forget();
	ask.tunnel = NULL;
	links[1].kind[0] = links[2].kind[0] = '\0';
	assert_int_equal(look(&ask), -1);
	assert_non_null(strstr(e.text, "(/etc/wireguard has wg0)"));
	strcpy(links[2].kind, "wireguard");
}

static void test_port(void **state)
{
	const struct ask ask = asked();

	(void)state;
	put("/env", "# x\nQBT_WEBUI_PORT=\"82\"\n");
	assert_int_equal(list_add(&unit.environment_files, &e, "/env"), 0);
	assert_int_equal(look(&ask), 0);
	assert_int_equal(f.webui_port, 82);
	forget();
	assert_int_equal(list_add(&unit.exec, &e, "--webui-port=83"), 0);
	assert_int_equal(look(&ask), 0);
	assert_int_equal(f.webui_port, 83);
	forget();
	assert_int_equal(list_add(&unit.exec, &e, "--webui-port=99999"), 0);
	assert_int_equal(look(&ask), -1);
	assert_non_null(strstr(e.text, "WebUI port that is none"));
	forget();
}

static void test_notes(void **state)
{
	const struct ask ask = asked();

	(void)state;
	put(CONF, "[BitTorrent]\nSession\\Interface=eth0\n");
	put("/lib/systemd/system/q@.service",
	    "[Service]\nSlice=media.slice\nExecStartPre=/bin/true\n");
	put("/etc/wireguard/wg0.conf", "[Interface]\nDNS = 192.168.1.1\n");
	unit.user[0] = '\0';
	unit.private_network = unit.needs_reload = true;
	assert_int_equal(list_add(&unit.binds_to, &e, "wg-quick@wg0.service"), 0);
	assert_int_equal(list_add(&unit.requires, &e, "sysinit.target"), 0);
	assert_int_equal(list_add(&unit.triggered_by, &e, "q@u.socket"), 0);
	assert_int_equal(list_add(&unit.triggered_by, &e, "q@u.timer"), 0);
	assert_int_equal(look(&ask), 0);
	assert_true(is_noted("bound to eth0"));
	assert_true(is_noted("Slice=media.slice"));
	assert_true(is_noted("ExecStartPre="));
	assert_true(is_noted("runs as root"));
	assert_true(is_noted("network namespace of its own"));
	assert_true(is_noted("daemon-reload"));
	assert_true(is_noted("BindsTo=wg-quick@wg0.service"));
	assert_false(is_noted("sysinit.target"));
	assert_true(is_noted("q@u.socket"));
	assert_false(is_noted("q@u.timer"));
	assert_true(is_noted("no resolver of the tunnel"));
	assert_int_equal(f.servers.n, 0);
	forget();
}

/* By the names that packages give, and by the command line; what is not there is not named. */
static void test_etc(void **state)
{
	const struct ask ask = asked();

	(void)state;
	put("/etc/q/settings.json", "{}");
	put("/etc/u/settings.json", "{}");
	put("/etc/other/settings.json", "{}");
	put("/etc/words.conf", "");
	put("/etc/wireguard/wg0.conf", "[Interface]\n");
	assert_int_equal(list_add(&unit.exec, &e, "--words=/etc/words.conf"), 0);
	assert_int_equal(list_add(&unit.exec, &e, "/etc/absent.conf"), 0);
	assert_int_equal(list_add(&unit.exec, &e, "/srv/etc/other"), 0);
	put("/etc/resolv.conf", "");
	put("/etc/a:b", "");
	assert_int_equal(list_add(&unit.exec, &e, "--resolv=/etc/resolv.conf"), 0);
	assert_int_equal(list_add(&unit.exec, &e, "/etc/a:b"), 0);
	put(CONF, "[BitTorrent]\nSession\\DefaultSavePath=/run/dbus\n");
	assert_int_equal(look(&ask), 0);
	assert_true(list_has(&f.etc, "/etc/q"));
	assert_true(list_has(&f.etc, "/etc/u"));
	assert_true(list_has(&f.etc, "/etc/words.conf"));
	assert_int_equal(f.etc.n, 3);
	assert_true(is_noted("No resolver of the tunnel"));
	assert_true(is_noted("writes to /run/dbus, which it will not see"));
	assert_false(is_noted("shows it something of the host's"));
	forget();
	put("/lib/systemd/system/q@.service",
	    "[Service]\nBindReadOnlyPaths=/srv/x:/etc/resolv.conf\nBindPaths=/srv/y\n");
	assert_int_equal(look(&ask), 0);
	assert_true(is_noted("BindReadOnlyPaths=/srv/x:/etc/resolv.conf"));
	assert_false(is_noted("BindPaths=/srv/y"));
	forget();
}

/* What is not known is not shut. */
static void test_unknown(void **state)
{
	const struct ask ask = asked();
	char full[512];

	(void)state;
	put("/home/u/.local/share/qBittorrent/torrents.db", "");
	assert_int_equal(look(&ask), 0);
	assert_false(f.paths_known);
	assert_true(is_noted("database"));
	forget();
	snprintf(full, sizeof(full), "%s" CONF, root);
	assert_int_equal(unlink(full), 0);
	assert_int_equal(mkfifo(full, 0600), 0);
	assert_int_equal(look(&ask), 0);
	assert_int_equal(f.webui_port, 8080);
	assert_false(f.paths_known);
	forget();
	list_free(&unit.exec);
	assert_int_equal(list_add(&unit.exec, &e, "/bin/sleep"), 0);
	assert_int_equal(look(&ask), 0);
	assert_false(f.webui);
	assert_true(is_noted("does not run qBittorrent"));
	forget();
}

/* Each torrent's own directory counts, through links; hostile ones do not. */
static void test_torrents(void **state)
{
	const struct ask ask = asked();
	char from[512], to[512];

	(void)state;
	make_dirs("/mnt/big/tv");
	snprintf(from, sizeof(from), "%s/mnt/big", root);
	snprintf(to, sizeof(to), "%s/srv/link", root);
	assert_int_equal(symlink(from, to), 0);
	put("/home/u/.local/share/qBittorrent/BT_backup/a.fastresume",
	    "d12:qBt-savePath12:/srv/link/tve");
	put("/home/u/.local/share/qBittorrent/BT_backup/b.fastresume",
	    "d12:qBt-savePath15:/x\nUser=root\n/ye");
	put("/home/u/.config/qBittorrent/categories.json", "{\"c\":{\"save_path\":\"/srv/dl/c\"}}");
	assert_int_equal(look(&ask), 0);
	assert_true(list_has(&f.paths, "/mnt/big/tv"));
	for (unsigned i = 0; i < f.paths.n; i++)
		assert_null(strchr(f.paths.v[i], '\n'));
	/* What lies below another is not named twice. */
	assert_false(list_has(&f.paths, "/srv/dl/c"));
	forget();
	/* A directory that is not there yet will be made in the one above. */
	put(CONF, "[BitTorrent]\nSession\\DefaultSavePath=/mnt/big/new/films\n");
	assert_int_equal(look(&ask), 0);
	assert_true(list_has(&f.paths, "/mnt/big"));
	forget();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_found),   TEST(test_life),	 TEST(test_foreign), TEST(test_half),
		TEST(test_names),   TEST(test_tunnel),	 TEST(test_port),    TEST(test_notes),
		TEST(test_unknown), TEST(test_torrents), TEST(test_etc),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
