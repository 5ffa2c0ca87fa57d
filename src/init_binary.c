// SPDX-License-Identifier: GPL-2.0-only
#include "init_binary.h"

#include <string.h>
#include <unistd.h>

int binary_own(char ret[PATH_MAX], struct err *e)
{
	ssize_t n = readlink("/proc/self/exe", ret, PATH_MAX - 1);

	if (n < 0)
		return err_errno(e, "/proc/self/exe");
	ret[n] = '\0';
	return 0;
}

int binary_check(const char *path, struct err *e)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789/._+-@:=,~";

	if (*path == '/' && !path[strspn(path, plain)])
		return 0;
	return err_set(e, EXIT_FAILED,
		       "this program's own path `%s` cannot be put into a unit: install it "
		       "to one without blanks and special characters",
		       path);
}
