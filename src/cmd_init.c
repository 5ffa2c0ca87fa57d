// SPDX-License-Identifier: GPL-2.0-only
/*
 * init: from a unit to a fence: finds, shows, and on --yes writes.
 *
 * Owns: what is said, and in which order the steps come. Must never write without --yes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "init_binary.h"
#include "init_check.h"
#include "init_plan.h"
#include "init_render.h"

static void print_words(const char *title, const struct list *l, const char *from)
{
	if (!l->n)
		return;
	printf("%-10s", title);
	for (unsigned i = 0; i < l->n; i++)
		printf(" %s", l->v[i]);
	printf("%s%s%s\n", from ? " (" : "", from ? from : "", from ? ")" : "");
}

static void print_findings(const struct findings *f)
{
	printf("unit       %s (%s)\n", f->unit, *f->fragment ? f->fragment : "no file");
	printf("fence      %s\n", f->name);
	printf("tunnel     %s (%s)\n", f->tunnel, f->tunnel_from);
	if (f->webui) {
		printf("webui      %u (%s)\n", f->webui_port, f->webui_from);
		print_words("networks  ", &f->networks, NULL);
	}
	print_words("resolver  ", &f->servers, f->servers_from);
	for (unsigned i = 0; f->paths_known && i < f->paths.n; i++)
		printf("writes     %s\n", f->paths.v[i]);
	for (unsigned i = 0; i < f->notes.n; i++)
		printf("note       %s\n", f->notes.v[i]);
}

/* systemd-escape's backslashes are the shell's, too, hence the quotes. */
static void print_next(const struct findings *f)
{
	char daemon[UNIT_NAME];

	dropin_daemon(f->name, daemon);
	printf("\nNow:  systemctl enable --now '%s'\n"
	       "then: systemctl restart '%s'\n"
	       "and:  wgfence status %s\n",
	       daemon, f->unit, f->name);
}

static int refuse_edited(const struct plan *p, struct err *e)
{
	const struct plan_file *file = plan_obstacle(p);

	return !file ? 0
		     : err_set(e, EXIT_MISUSE,
			       "%s %s: nothing is changed; --force replaces it all the same",
			       file->path,
			       file->state == PLAN_EDITED ? "was edited since init wrote it"
							  : "was not written by init");
}

/* Exit code 4: nothing was written, and nothing can be. */
static int tell_read_only(const struct findings *f, const struct dropin *d, struct err *e)
{
	char *config = render_config(f, e);

	if (!config)
		return (int)e->code;
	printf("\n/etc/systemd/system is read-only here, so the files above must come from "
	       "elsewhere. As a NixOS module:\n\n");
	render_nixos(stdout, f, d, config);
	free(config);
	err_set(e, EXIT_UNSUPPORTED,
		"/etc/systemd/system is read-only: nothing is written, put the above in place "
		"yourself");
	return (int)e->code;
}

/* Other drop-ins of the unit may take back what ours says. */
static int check_taken(const struct findings *f, struct err *e)
{
	char slice[UNIT_NAME];
	struct unit u;
	bool gate, in_slice;

	if (unit_read(f->unit, &u, e))
		return -1;
	dropin_slice(f->name, slice);
	in_slice = strcmp(u.slice, slice) == 0;
	gate = unit_has_gate(&u, "ready", f->name);
	unit_free(&u);
	return in_slice && gate
		       ? 0
		       : err_set(e, EXIT_FAILED,
				 "the files are there, but another drop-in of %s takes back %s: "
				 "systemctl cat "
				 "'%s' shows which; take it out, or the unit is not fenced",
				 f->unit, in_slice ? "ExecStartPre=" : "Slice=", f->unit);
}

static int write_files(const struct options *o, const struct plan *p, const struct findings *f,
		       struct err *e)
{
	if (plan_changes(p) == 0) {
		if (check_taken(f, e))
			return (int)e->code;
		printf("\nAll of it is there: nothing has to change.\n");
		return EXIT_FINE;
	}
	if (!(o->given & OPT(OPT_FORCE)) && refuse_edited(p, e))
		return (int)e->code;
	if (!(o->given & OPT(OPT_YES))) {
		printf("\nNothing is written: --yes writes it.\n");
		return EXIT_FINE;
	}
	if (plan_apply(p, e) || unit_reload(e) || check_taken(f, e))
		return (int)e->code;
	printf("\nWritten, and read by systemd.\n");
	print_next(f);
	return EXIT_FINE;
}

/* Without the daemon's unit nothing attaches the fence, and the gate refuses every start. */
static int note_daemon(struct findings *f, struct err *e)
{
	char daemon[UNIT_NAME];
	struct err why;
	struct unit u;

	dropin_daemon(f->name, daemon);
	if (unit_read(daemon, &u, &why))
		return list_add(
			&f->notes, e,
			"The daemon of the fence cannot be started by systemd (%s). Until it "
			"can, run `wgfence run %s` before the unit starts.",
			why.text, f->name);
	unit_free(&u);
	return 0;
}

static int init_with(const struct options *o, const struct ask *ask, const struct unit *u,
		     struct err *e)
{
	struct inventory inv;
	struct findings f = {0};
	struct dropin d = {0};
	struct plan p = {0};
	int code;

	if (inventory_read(&inv, e))
		return (int)e->code;
	if (find_all(ask, u, &inv, &f, e) || check_findings(&f, &inv, e) || note_daemon(&f, e) ||
	    dropin_make(&f, &d, e) || plan_write(ask, &f, &d, &p, e)) {
		code = (int)e->code;
	} else {
		print_findings(&f);
		plan_print(stdout, &p);
		code = p.read_only && plan_changes(&p) ? tell_read_only(&f, &d, e)
						       : write_files(o, &p, &f, e);
	}
	plan_free(&p);
	dropin_free(&d);
	findings_free(&f);
	inventory_free(&inv);
	return code;
}

static int apply_removal(const struct options *o, const struct plan *p, const char *name,
			 const char *unit, struct err *e)
{
	char daemon[UNIT_NAME];

	if (plan_changes(p) == 0) {
		printf("\nThere is nothing of init's here.\n");
		return EXIT_FINE;
	}
	if (!(o->given & OPT(OPT_FORCE)) && refuse_edited(p, e))
		return (int)e->code;
	if (!(o->given & OPT(OPT_YES))) {
		printf("\nNothing is removed: --yes removes it.\n");
		return EXIT_FINE;
	}
	if (plan_apply(p, e) || unit_reload(e))
		return (int)e->code;
	dropin_daemon(name, daemon);
	printf("\nRemoved. What remains: the fence stands, its daemon runs, and %s is in its slice "
	       "until it is\nrestarted. To end all three:\n"
	       "  systemctl disable --now '%s'\n"
	       "  systemctl restart '%s'\n"
	       "  wgfence detach %s\n",
	       unit, daemon, unit, name);
	return EXIT_FINE;
}

/* The unit may be gone by now; where it is there, systemd knows what an alias stands for. */
static int init_remove(const struct options *o, const struct ask *ask, struct err *e)
{
	char name[FENCE_NAME_MAX + 1], unit[256];
	struct err ignored;
	struct unit u;
	struct plan p;
	int code;

	snprintf(unit, sizeof(unit), "%s", ask->unit);
	if (unit_read(ask->unit, &u, &ignored) == 0) {
		snprintf(unit, sizeof(unit), "%s", u.id);
		unit_free(&u);
	}
	if (find_fence_name(ask, unit, name, e) || plan_remove(ask, name, unit, &p, e))
		return (int)e->code;
	plan_print(stdout, &p);
	code = apply_removal(o, &p, name, unit, e);
	plan_free(&p);
	return code;
}

int cmd_init(const struct options *o, struct err *e)
{
	char unit[256], binary[PATH_MAX];
	struct ask ask = {.root = "",
			  .unit = unit,
			  .name = o->value[OPT_NAME],
			  .tunnel = o->value[OPT_INTERFACE],
			  .replace = o->given & OPT(OPT_FORCE),
			  .binary = binary};
	struct unit u;
	int code;

	if (binary_own(binary, e))
		return (int)e->code;
	/* It reads what is the service's, and what it could not read it would take for missing. */
	if (geteuid() != 0) {
		err_set(e, EXIT_FAILED, "init must be run as root");
		return (int)e->code;
	}
	if (!find_unit_name(o->name, unit, sizeof(unit))) {
		err_set(e, EXIT_MISUSE, "`%s` is no name of a service", o->name);
		return (int)e->code;
	}
	if (ask.name && !fence_name_valid(ask.name)) {
		err_set(e, EXIT_MISUSE, "`%s` is no name for a fence: up to %d of [A-Za-z0-9_@:-]",
			ask.name, FENCE_NAME_MAX);
		return (int)e->code;
	}
	if (o->given & OPT(OPT_REMOVE))
		return init_remove(o, &ask, e);
	if (unit_read(unit, &u, e))
		return (int)e->code;
	code = init_with(o, &ask, &u, e);
	unit_free(&u);
	return code;
}
