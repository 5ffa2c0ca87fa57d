// SPDX-License-Identifier: GPL-2.0-only
#include "init_live.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "init_file.h"

/* Late in the order of names: ExecStartPre= alone, without a value, takes back what came before. */
#define DROPIN_DIR  "/run/systemd/system"
#define DROPIN_FILE "zz-wgfence-live-%s.conf"

int live_dropin_write(const char *root, const char *unit, const char *name, const char *binary,
		      struct err *e)
{
	char path[PATH_MAX], text[PATH_MAX + 512];

	snprintf(path, sizeof(path), DROPIN_DIR "/%s.d/" DROPIN_FILE, unit, name);
	snprintf(text, sizeof(text),
		 "# By wgfence attach --live %s; wgfence detach %s removes it.\n"
		 "[Service]\n"
		 "ExecStartPre=+%s attach --here %s\n",
		 name, name, binary, name);
	return init_file_write(root, path, text, e);
}

int live_dropins_remove(const char *root, const char *name, bool *ret_removed, struct err *e)
{
	char pattern[PATH_MAX];
	glob_t found;
	int r = 0;

	*ret_removed = false;
	/* No name of a fence has a character that is special to glob(3). */
	snprintf(pattern, sizeof(pattern), "%s" DROPIN_DIR "/*.d/" DROPIN_FILE, root, name);
	switch (glob(pattern, GLOB_NOSORT, NULL, &found)) {
	case 0:
		break;
	case GLOB_NOMATCH:
		return 0;
	default:
		return err_set(e, EXIT_FAILED, "cannot look for %s", pattern);
	}
	for (size_t i = 0; r == 0 && i < found.gl_pathc; i++)
		r = init_file_remove(root, found.gl_pathv[i] + strlen(root), e);
	*ret_removed = found.gl_pathc > 0;
	globfree(&found);
	return r;
}
