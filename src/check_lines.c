// SPDX-License-Identifier: GPL-2.0-only
/*
 * The unit's sandbox: which lines of what init would write now do not hold?
 *
 * The lines come from init's own code, given the unit's files without ours; whether they hold is
 * asked of systemd, which has read all of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_sandbox.h"
#include "check_unit.h"
#include "init_binary.h"
#include "init_dropin.h"
#include "init_file.h"
#include "init_own.h"
#include "init_stamp.h"

struct wanted {
	struct findings found;
	struct dropin dropin;
};

static int find_wanted(struct unit_check *uc, struct wanted *w, struct err *e)
{
	char binary[PATH_MAX];
	struct ask ask = {.root = "",
			  .unit = uc->unit.id,
			  .name = uc->c->name,
			  .tunnel = uc->c->config.tunnel,
			  .binary = binary};

	return binary_own(binary, e) || find_all(&ask, &uc->unit, &uc->c->inv, &w->found, e) ||
			       dropin_make(&w->found, &w->dropin, e)
		       ? -1
		       : 0;
}

static void find_edited(struct unit_check *uc, const char *ours)
{
	struct err ignored;
	char *text = NULL;
	size_t len;

	if (init_file_read("", ours, &text, &len, &ignored) == 1)
		uc->edited = stamp_check(text) != STAMP_OURS;
	free(text);
}

static bool says(const char *path, const char *key)
{
	struct list texts = {0}, values = {0};
	struct err ignored;
	char *text = NULL;
	size_t len;
	bool it_does = init_file_read("", path, &text, &len, &ignored) == 1 &&
		       list_add(&texts, &ignored, "%s", text) == 0 &&
		       own_values(&texts, "Service", key, &values, &ignored) == 0 && values.n;

	free(text);
	list_free(&texts);
	list_free(&values);
	return it_does;
}

/* The last drop-in behind ours that has something to say of the key; NULL where none has. */
static const char *taken_back_by(const struct unit_check *uc, const char *ours, const char *key)
{
	const char *by = NULL;
	bool behind = false;

	for (unsigned i = 0; i < uc->unit.dropins.n; i++) {
		const char *path = uc->unit.dropins.v[i];

		if (behind && says(path, key))
			by = path;
		behind |= strcmp(path, ours) == 0;
	}
	return by;
}

static void mend_line(struct unit_check *uc, const char *ours, const char *key)
{
	const char *by = taken_back_by(uc, ours, key);
	char file[SHELL_WORD], unit[SHELL_WORD];

	if (!by) {
		mend_by_init(uc);
		return;
	}
	finding_mend(&uc->c->report,
		     "sed -i '/^%s *=/d' %s && systemctl daemon-reload && systemctl restart %s",
		     key, shell_word(by, file), shell_word(uc->unit.id, unit));
}

static void judge_line(struct unit_check *uc, const char *line, const char *ours)
{
	char key[64];

	snprintf(key, sizeof(key), "%.*s", (int)strcspn(line, "="), line);
	finding_add(&uc->c->report, dropin_is_wall(key) ? FINDING_WARNING : FINDING_NOTICE,
		    "unit.sandbox", sandbox_why(line), "%s of init's drop-in does not hold for %s",
		    line, uc->unit.id);
	mend_line(uc, ours, key);
}

void check_lines(struct unit_check *uc, const struct list *properties)
{
	char ours[PATH_OF_INIT];
	struct wanted w = {0};
	unsigned loose = 0;
	struct err e;

	find_path(PATH_DROPIN, uc->c->name, uc->unit.id, ours);
	find_edited(uc, ours);
	if (find_wanted(uc, &w, &e))
		finding_unseen(&uc->c->report, "unit.sandbox", &e);
	for (unsigned i = 0; i < w.dropin.service.n; i++)
		if (!sandbox_holds(w.dropin.service.v[i], properties)) {
			judge_line(uc, w.dropin.service.v[i], ours);
			loose++;
		}
	if (w.dropin.service.n && !loose)
		finding_add(&uc->c->report, FINDING_FINE, "unit.sandbox", NULL,
			    "each of the %u lines that init would write holds", w.dropin.service.n);
	dropin_free(&w.dropin);
	findings_free(&w.found);
}
