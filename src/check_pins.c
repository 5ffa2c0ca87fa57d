// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pins: root's alone? Whoever may write there can take a fence away, whoever may read a map of
 * it sees what the service does.
 */
#include <sys/stat.h>

#include "check_parts.h"
#include "pins.h"

struct look {
	struct check *c;
	unsigned n, bad;
};

static void judge(struct look *l, const char *path, bool directory)
{
	char word[SHELL_WORD];
	struct stat st;

	if (lstat(path, &st))
		return; /* gone meanwhile */
	l->n++;
	if (st.st_uid == 0 && !(st.st_mode & 077) && !!S_ISDIR(st.st_mode) == directory)
		return;
	l->bad++;
	finding_add(&l->c->report, FINDING_WARNING, "fence.pins",
		    "Whoever can write to a pin can take away what it holds.",
		    "%s is of uid %u with mode %04o, instead of root's alone", path, st.st_uid,
		    st.st_mode & 07777U);
	shell_word(path, word);
	finding_mend(&l->c->report, "chown root:root %s && chmod u=rwX,go= %s", word, word);
}

static int judge_pin(const char *pin, void *context)
{
	struct look *l = context;
	char path[PATH_MAX];

	pins_path(l->c->name, pin, path);
	judge(l, path, false);
	return 0;
}

void check_fence_pins(struct check *c)
{
	struct look l = {c, 0, 0};
	char path[PATH_MAX];
	struct err e;

	snprintf(path, sizeof(path), PINS_DIR "/%s", c->name);
	judge(&l, PINS_DIR, true);
	judge(&l, path, true);
	if (pins_each(c->name, judge_pin, &l, &e))
		finding_unseen(&c->report, "fence.pins", &e);
	else if (!l.bad)
		finding_add(&c->report, FINDING_FINE, "fence.pins", NULL,
			    "%u pins and directories below " PINS_DIR " are root's alone", l.n);
}
