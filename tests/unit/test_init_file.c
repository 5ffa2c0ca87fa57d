// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing in one step: whatever fails, either the old or the new file is there, and nothing beside
 * it; and reading only what is a file.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init_file.h"

static char root[] = "/tmp/test_init_file.XXXXXX";
static struct err e;

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(root) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(root);
}

static void path_of(const char *path, char ret[512])
{
	snprintf(ret, 512, "%s%s", root, path);
}

static void assert_text(const char *path, const char *wanted)
{
	char *text = NULL;
	size_t len;
	int r = init_file_read(root, path, &text, &len, &e);

	assert_int_equal(r, wanted != NULL);
	if (wanted)
		assert_string_equal(text, wanted);
	free(text);
}

static unsigned entries(const char *dir)
{
	char full[512];
	unsigned n = 0;
	DIR *d;

	path_of(dir, full);
	d = opendir(full);
	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n ? n - 2 : 0;
}

static void test_write(void **state)
{
	char full[512];
	struct stat st;
	mode_t mask = umask(0177);

	(void)state;
	assert_text("/a.d/f", NULL);
	assert_int_equal(init_file_write(root, "/a.d/f", "old", &e), 0);
	assert_text("/a.d/f", "old");
	assert_int_equal(init_file_write(root, "/a.d/f", "new", &e), 0);
	assert_text("/a.d/f", "new");
	assert_int_equal(entries("/a.d"), 1);
	path_of("/a.d/f", full);
	assert_int_equal(stat(full, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	umask(mask);
	assert_int_equal(init_file_remove(root, "/a.d/f", &e), 0);
	assert_int_equal(entries(""), 0);
}

/* A link in the file's place is replaced, and not followed; so is what a crash left. */
static void test_links(void **state)
{
	char link[512], other[512], left[512];

	(void)state;
	assert_int_equal(init_file_write(root, "/other.d/f", "untouched", &e), 0);
	assert_int_equal(init_file_write(root, "/a.d/g", "", &e), 0);
	path_of("/a.d/f", link);
	path_of("/a.d/.f.new", left);
	path_of("/other.d/f", other);
	assert_int_equal(symlink(other, link), 0);
	assert_int_equal(symlink(other, left), 0);
	assert_int_equal(init_file_write(root, "/a.d/f", "new", &e), 0);
	assert_text("/a.d/f", "new");
	assert_text("/other.d/f", "untouched");
	assert_int_equal(init_file_remove(root, "/a.d/f", &e), 0);
	/* The directory has g in it still. */
	assert_int_equal(entries("/a.d"), 1);
	assert_int_equal(init_file_remove(root, "/a.d/g", &e), 0);
	assert_int_equal(init_file_remove(root, "/other.d/f", &e), 0);
	assert_int_equal(entries(""), 0);
}

/* No room: as of a full disk, write() gives less than was asked for, and then an error. */
static void test_no_room(void **state)
{
	struct rlimit old, small = {3, 3};

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(init_file_write(root, "/a.d/f", "old", &e), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(init_file_write(root, "/a.d/f", "longer", &e), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_non_null(strstr(e.text, "cannot write"));
	assert_text("/a.d/f", "old");
	assert_int_equal(entries("/a.d"), 1);
	assert_int_equal(init_file_remove(root, "/a.d/f", &e), 0);
}

/* rename() fails over a directory: the new file must not stay behind. */
static void test_no_rename(void **state)
{
	char full[512];

	(void)state;
	assert_int_equal(init_file_write(root, "/a.d/f", "", &e), 0);
	path_of("/a.d/dir", full);
	assert_int_equal(mkdir(full, 0700), 0);
	assert_int_equal(init_file_write(root, "/a.d/dir", "text", &e), -1);
	assert_int_equal(entries("/a.d"), 2);
	rmdir(full);
	assert_int_equal(init_file_write(root, "/none/there/f", "text", &e), -1);
	assert_int_equal(init_file_remove(root, "/a.d/f", &e), 0);
}

static void test_read(void **state)
{
	char full[512], *text;
	size_t len;

	(void)state;
	/* A pipe would never end, a directory is none, and a file may be too large. */
	path_of("/pipe", full);
	assert_int_equal(mkfifo(full, 0600), 0);
	assert_int_equal(init_file_read(root, "/pipe", &text, &len, &e), -1);
	unlink(full);
	assert_int_equal(init_file_read(root, "/", &text, &len, &e), -1);
	assert_int_equal(init_file_write(root, "/x.d/large", "", &e), 0);
	path_of("/x.d/large", full);
	assert_int_equal(truncate(full, INIT_FILE_MAX), 0);
	assert_int_equal(init_file_read(root, "/x.d/large", &text, &len, &e), -1);
	assert_non_null(strstr(e.text, "larger than"));
	assert_int_equal(truncate(full, INIT_FILE_MAX - 1), 0);
	assert_int_equal(init_file_read(root, "/x.d/large", &text, &len, &e), 1);
	assert_int_equal(len, INIT_FILE_MAX - 1);
	free(text);
	assert_int_equal(init_file_read(root, "/x.d/large/under", &text, &len, &e), 0);
	assert_int_equal(init_file_remove(root, "/x.d/large", &e), 0);
}

static void test_read_only(void **state)
{
	(void)state;
	assert_false(init_dir_read_only(root, "/etc/systemd/system"));
	assert_false(init_dir_read_only(root, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),	cmocka_unit_test(test_links),
		cmocka_unit_test(test_no_room), cmocka_unit_test(test_no_rename),
		cmocka_unit_test(test_read),	cmocka_unit_test(test_read_only),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
