// SPDX-License-Identifier: GPL-2.0-only
/* The daemon: does somebody follow the machine, and is it the program that is installed? */
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_parts.h"
#include "pins.h"

static void mend_by_start(struct check *c)
{
	char word[SHELL_WORD];

	if (c->file_given)
		finding_mend(&c->report, "wgfence run --config %s",
			     shell_word(c->file_given, word));
	else if (c->booted)
		finding_mend(&c->report, "systemctl enable --now %s", check_daemon_unit(c, word));
	else
		finding_mend(&c->report, "wgfence run %s", c->name);
}

/* The kernel says it of a file that was removed, or replaced by another one. */
static bool is_replaced(const char *path)
{
	static const char removed[] = " (deleted)";
	size_t len = strlen(path), n = strlen(removed);

	return len > n && strcmp(path + len - n, removed) == 0;
}

static void judge_program(struct check *c, int pid)
{
	char proc[64], target[PATH_MAX];
	ssize_t n;

	snprintf(proc, sizeof(proc), "/proc/%d/exe", pid);
	n = readlink(proc, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	if (is_replaced(target)) {
		finding_add(&c->report, FINDING_WARNING, "fence.daemon",
			    "It decides as it did before; what a newer version mends, it does not "
			    "have.",
			    "the daemon (process %d) runs a program that was replaced since", pid);
		check_mend_put_back(c);
	} else {
		finding_add(&c->report, FINDING_FINE, "fence.daemon", NULL,
			    "the daemon (process %d) runs %s", pid, target);
	}
}

void check_fence_daemon(struct check *c)
{
	int pid = pins_holder(c->name);

	if (!c->daemon) {
		finding_add(&c->report, FINDING_WARNING, "fence.daemon",
			    "The fence stands without it, but does not follow: a tunnel that comes "
			    "back under another number or address stays shut, and new interfaces "
			    "get no guard.",
			    "no wgfence run is at work on it");
		mend_by_start(c);
	} else if (pid > 0) {
		judge_program(c, pid);
	} else {
		finding_add(&c->report, FINDING_FINE, "fence.daemon", NULL,
			    "a daemon is at work on it, in another process namespace");
	}
}
