// SPDX-License-Identifier: GPL-2.0-only
#include "tell.h"

#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define TRIES 3 /* a signal, or no memory for a moment */

/*
 * A pipe that can be written takes PIPE_BUF bytes at once, and so does what else a daemon is
 * started with: a terminal, a file, the journal's socket.
 */
static bool takes(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int n = -1;

	for (int i = 0; i < TRIES && n < 0; i++)
		n = poll(&p, 1, 0);
	return n == 1 && p.revents & POLLOUT;
}

void tell(int fd, const char *format, ...)
{
	char text[PIPE_BUF];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n >= (int)sizeof(text))
		n = sizeof(text) - 1;
	if (n <= 0 || !takes(fd))
		return;
	if (write(fd, text, (size_t)n) < 0)
		return; /* nobody to tell that either */
}
