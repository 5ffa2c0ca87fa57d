// SPDX-License-Identifier: GPL-2.0-only
#include "check_process.h"

#include <ctype.h>
#include <dirent.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file.h"

#define MAX_USERS 16

static char *read_proc(pid_t pid, const char *file)
{
	char path[64];
	struct err ignored;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return file_text(path, &ignored);
}

void process_name(pid_t pid, char ret[PROCESS_NAME])
{
	char *text = read_proc(pid, "comm");

	snprintf(ret, PROCESS_NAME, "%.*s", text ? (int)strcspn(text, "\n") : 0, text ? text : "");
	free(text);
}

/* The name, in parentheses, may hold anything, also parentheses; behind the last come numbers. */
bool process_start_ticks(const char *stat, unsigned long long *ret)
{
	const char *rest = strrchr(stat, ')');

	/* The 22nd field; behind the name begins the third. */
	return rest && sscanf(rest,
			      ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			      "%*s %*s %*s %*s %llu",
			      ret) == 1;
}

bool process_start(pid_t pid, double *ret)
{
	struct timespec now = {0}, boot = {0};
	char *text = read_proc(pid, "stat");
	unsigned long long ticks = 0;
	bool known = text && process_start_ticks(text, &ticks);

	free(text);
	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	*ret = (double)(now.tv_sec - boot.tv_sec) + (double)(now.tv_nsec - boot.tv_nsec) / 1e9 +
	       (double)ticks / (double)sysconf(_SC_CLK_TCK);
	return known;
}

bool process_status(const char *status, const char *key, int base, unsigned long long *ret)
{
	size_t len = strlen(key);

	for (const char *line = status; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		char *end;

		if (strncmp(line, key, len) != 0 || line[len] != ':')
			continue;
		*ret = strtoull(line + len + 1, &end, base);
		return end > line + len + 1;
	}
	return false;
}

/* In a user namespace of its own a process has capabilities that reach nothing of the host's. */
static bool in_first_namespace(pid_t pid)
{
	char path[64];
	struct stat own, first;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	return stat(path, &own) == 0 && stat("/proc/self/ns/user", &first) == 0 &&
	       own.st_ino == first.st_ino;
}

bool process_is_mighty(pid_t pid)
{
	static const unsigned long long mighty = 1ULL << CAP_SYS_ADMIN | 1ULL << CAP_NET_ADMIN;
	char *text = read_proc(pid, "status");
	unsigned long long caps;
	bool is = text && process_status(text, "CapPrm", 16, &caps) && caps & mighty &&
		  in_first_namespace(pid);

	free(text);
	return is;
}

static bool user_of(pid_t pid, unsigned long long *ret)
{
	char *text = read_proc(pid, "status");
	bool known = text && process_status(text, "Uid", 10, ret);

	free(text);
	return known;
}

struct users {
	unsigned long long id[MAX_USERS];
	unsigned n;
};

static bool has_user(const struct users *u, unsigned long long id)
{
	for (unsigned i = 0; i < u->n; i++)
		if (u->id[i] == id)
			return true;
	return false;
}

static void find_users(const struct tree *t, struct users *ret)
{
	unsigned long long id;

	for (unsigned i = 0; i < t->n_processes && ret->n < MAX_USERS; i++)
		if (user_of(t->processes[i].pid, &id) && id && !has_user(ret, id))
			ret->id[ret->n++] = id;
}

/* A thread of the kernel has no user of its own but root. */
int neighbours_read(const struct tree *t, struct neighbours *ret, struct err *e)
{
	struct users users = {.n = 0};
	const struct dirent *entry;
	DIR *d = opendir("/proc");

	*ret = (struct neighbours){0};
	if (!d)
		return err_errno(e, "/proc");
	find_users(t, &users);
	while (users.n && (entry = readdir(d))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		unsigned long long id;

		if (!isdigit((unsigned char)entry->d_name[0]) || tree_has_process(t, pid) ||
		    !user_of(pid, &id) || !has_user(&users, id))
			continue;
		if (ret->outside++ == 0) {
			ret->pid = pid;
			process_name(pid, ret->name);
		}
	}
	closedir(d);
	return 0;
}
