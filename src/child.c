// SPDX-License-Identifier: GPL-2.0-only
#include "child.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLED_MSEC 1000

/* What waits for a file system that does not answer may not even be killed: it is left behind. */
int child_ended(pid_t child, int msec)
{
	struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN};
	int status;

	if (ended.fd < 0 || poll(&ended, 1, msec) != 1) {
		kill(child, SIGKILL);
		if (ended.fd >= 0)
			poll(&ended, 1, KILLED_MSEC);
	}
	if (ended.fd >= 0)
		close(ended.fd);
	return waitpid(child, &status, WNOHANG) == child && WIFEXITED(status) ? WEXITSTATUS(status)
									      : -1;
}
