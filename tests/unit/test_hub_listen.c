// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the hub listens, and who may connect.
 */
#include <fcntl.h>
#include <grp.h>

#include "hubs.h"

static char path[128];

/* DIR/q, and with a name DIR/q/NAME */
static const char *inside(const char *name)
{
	snprintf(path, sizeof(path), "%s/q%s%s", dir, *name ? "/" : "", name);
	return path;
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(inside(name), &st), 0);
	return st.st_mode & 07777U;
}

static void assert_refused(const char *words)
{
	assert_int_equal(hub_open_at(dir, NO_GROUP, "q", event, &hub, &err), -1);
	assert_int_equal(err.code, EXIT_FAILED);
	if (!strstr(err.text, words))
		fail_msg("`%s` says nothing of `%s`", err.text, words);
	hub = NULL;
}

/* Whatever the umask of whoever starts the daemon. */
static void test_modes(void **state)
{
	mode_t before = umask(0077);

	(void)state;
	open_hub();
	umask(before);
	assert_int_equal(mode_of(""), 0755);
	assert_int_equal(mode_of("events"), 0600);
}

static void test_group(void **state)
{
	const struct group *g = getgrnam("daemon");
	struct stat st;

	(void)state;
	if (geteuid() != 0 || !g)
		skip();
	assert_int_equal(hub_open_at(dir, "daemon", "q", event, &hub, &err), 0);
	assert_int_equal(mode_of("events"), 0660);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(st.st_gid, g->gr_gid);
}

static void test_stale_socket(void **state)
{
	int fd;

	(void)state;
	fd = hub_listen(dir, "q", HUB_SOCKET, NO_GROUP, &err);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(access(inside("events"), F_OK), 0);
	open_hub();
	close(greeted().fd);
}

static void test_live_socket(void **state)
{
	struct hub *first;

	(void)state;
	open_hub();
	first = hub;
	assert_refused("another wgfence listens at ");
	hub = first;
	settle();
	close(greeted().fd);
}

static void test_no_socket(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(mkdir(inside(""), 0755), 0);
	fd = open(inside("events"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_refused("is no socket");
	assert_int_equal(unlink(inside("events")), 0);
	assert_int_equal(rmdir(inside("")), 0);
}

static void test_writable_by_others(void **state)
{
	(void)state;
	assert_int_equal(chmod(dir, 0775), 0);
	assert_refused("mode 0775");
	assert_int_equal(chmod(dir, 01777), 0);
	assert_refused("mode 1777");
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(mkdir(inside(""), 0755), 0);
	assert_int_equal(chmod(inside(""), 0757), 0);
	assert_refused("mode 0757");
	assert_int_equal(rmdir(inside("")), 0);
}

static void test_somebody_elses(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(dir, 65534, 0), 0);
	assert_refused("uid 65534");
	assert_int_equal(chown(dir, 0, 0), 0);
}

/* Not even where it leads to a directory that would do. */
static void test_symbolic_link(void **state)
{
	char other[sizeof(dir) + 8];

	(void)state;
	snprintf(other, sizeof(other), "%s/other", dir);
	assert_int_equal(mkdir(other, 0755), 0);
	assert_int_equal(symlink("other", inside("")), 0);
	assert_refused("the directory q");
	assert_int_equal(unlink(inside("")), 0);
	assert_int_equal(rmdir(other), 0);
}

static void test_too_long(void **state)
{
	char name[FENCE_NAME_MAX + 1], deep[64];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	/* The longest name fits below /run/wgfence. */
	assert_int_equal(hub_address(RUN_DIR, name, HUB_SOCKET, &(struct sockaddr_un){0}, &err), 0);
	memset(deep, 'd', sizeof(deep) - 1);
	deep[0] = '/';
	deep[sizeof(deep) - 1] = '\0';
	assert_int_equal(hub_open_at(deep, NO_GROUP, name, event, &hub, &err), -1);
	assert_non_null(strstr(err.text, "too long"));
	hub = NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_loop, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_modes),	   TEST(test_group),	     TEST(test_stale_socket),
		TEST(test_live_socket),	   TEST(test_no_socket),     TEST(test_writable_by_others),
		TEST(test_somebody_elses), TEST(test_symbolic_link), TEST(test_too_long),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
