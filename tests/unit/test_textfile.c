// SPDX-License-Identifier: GPL-2.0-only
/*
 * The textfile: whole or not at all, and nobody's link is followed.
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
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "textfile.h"
#include "textfile_former.h"

static char dir[64];
static struct err err;

static int set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/textfile.XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

/* DIR/NAME */
static const char *in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static unsigned files(void)
{
	DIR *d = opendir(dir);
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void assert_text(const char *name, const char *text)
{
	char got[64] = "";
	FILE *f = fopen(in_dir(name), "r");

	assert_non_null(f);
	got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(got, text);
}

/* Whatever the umask, and whatever was there. */
static void test_write(void **state)
{
	mode_t before = umask(0077);
	struct stat st;

	(void)state;
	assert_int_equal(textfile_write(dir, "a@b", "one\n", 4, &err), 0);
	assert_int_equal(textfile_write(dir, "a@b", "2\n", 2, &err), 0);
	umask(before);
	assert_text("wgfence-a@b.prom", "2\n");
	assert_int_equal(stat(in_dir("wgfence-a@b.prom"), &st), 0);
	assert_int_equal(st.st_mode & 07777U, 0644);
	assert_int_equal(files(), 1);
	assert_true(textfile_age(dir, "a@b", &err) >= 0 && textfile_age(dir, "a@b", &err) < 60);
	assert_int_equal(textfile_age(dir, "b", &err), -1);
}

/* The directory may be another user's, who puts links where the new file is about to be. */
static void test_links(void **state)
{
	char victim[128];
	FILE *f;

	(void)state;
	snprintf(victim, sizeof(victim), "%s", in_dir("victim"));
	f = fopen(victim, "w");
	assert_non_null(f);
	fputs("mine\n", f);
	fclose(f);
	assert_int_equal(symlink(victim, in_dir(".wgfence-q.new")), 0);
	assert_int_equal(symlink(victim, in_dir("wgfence-q.prom")), 0);
	assert_int_equal(textfile_write(dir, "q", "x\n", 2, &err), 0);
	assert_text("victim", "mine\n");
	assert_text("wgfence-q.prom", "x\n");
	assert_int_equal(files(), 2);
}

/* A pipe there would have a plain open wait. */
static void test_pipe(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(in_dir(".wgfence-q.new"), 0600), 0);
	assert_int_equal(textfile_write(dir, "q", "x\n", 2, &err), 0);
	assert_text("wgfence-q.prom", "x\n");
}

/* In the middle of the text there is no room any more. */
static void test_no_room(void **state)
{
	static const char text[4096];
	struct rlimit before, limit;

	(void)state;
	assert_int_equal(textfile_write(dir, "q", "old\n", 4, &err), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 1000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(textfile_write(dir, "q", text, sizeof(text), &err), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_non_null(strstr(err.text, "cannot write the metrics"));
	assert_text("wgfence-q.prom", "old\n");
	assert_int_equal(files(), 1);
}

static void test_no_directory(void **state)
{
	(void)state;
	assert_int_equal(textfile_write(in_dir("absent"), "q", "x\n", 2, &err), -1);
	assert_non_null(strstr(err.text, "absent"));
	assert_int_equal(textfile_remove(in_dir("absent"), "q", &err), 0);
}

static void test_remove(void **state)
{
	(void)state;
	assert_int_equal(textfile_remove(dir, "q", &err), 0);
	assert_int_equal(textfile_write(dir, "q", "x\n", 2, &err), 0);
	assert_int_equal(textfile_write(dir, "r", "x\n", 2, &err), 0);
	assert_int_equal(textfile_remove(dir, "q", &err), 0);
	assert_text("wgfence-r.prom", "x\n");
	assert_int_equal(files(), 1);
}

/* As the daemon's unit has it. Exit codes, because it is another process. */
static int write_without_override(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {0};

	if (syscall(SYS_capset, &header, none))
		return 1;
	if (textfile_write(dir, "q", "x\n", 2, &err) == 0)
		return 0;
	return strstr(err.text, "Permission denied (the directory is uid 65534's, mode 0755") &&
			       strstr(err.text, "chgrp root ")
		       ? 2
		       : 3;
}

static int in_child(int (*f)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(f());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Root is refused by another's directory; what it is then told to do helps. */
static void test_foreign(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(chown(dir, 65534, 65534), 0);
	assert_int_equal(in_child(write_without_override), 2);
	assert_int_equal(chown(dir, (uid_t)-1, 0), 0);
	assert_int_equal(chmod(dir, 0775), 0);
	assert_int_equal(in_child(write_without_override), 0);
	assert_text("wgfence-q.prom", "x\n");
}

static void assert_former(const char *wanted)
{
	char former[PATH_MAX];

	textfile_former(dir, "q", former);
	assert_string_equal(former, wanted);
}

static void test_former(void **state)
{
	(void)state;
	assert_former("");
	assert_int_equal(textfile_moved(dir, "q", "", &err), 0);
	assert_int_equal(textfile_moved(dir, "q", "/a", &err), 0);
	assert_former("/a");
	/* What one that was killed left is no obstacle. */
	assert_int_equal(symlink("/x", in_dir("q/.metrics.new")), 0);
	assert_int_equal(textfile_moved(dir, "q", "/b/c", &err), 0);
	assert_former("/b/c");
	assert_int_equal(textfile_moved(dir, "q", "", &err), 0);
	assert_former("");
	assert_int_equal(rmdir(in_dir("q")), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_write, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_links, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_pipe, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_directory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_remove, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_foreign, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_former, set_up, tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
