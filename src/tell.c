// SPDX-License-Identifier: GPL-2.0-only
#include "tell.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 3 /* a signal, or no memory for a moment */

/* Where lines for standard output and error go; the descriptor itself until tell_open(). */
static struct {
	int fd;
	bool is_socket;
} out[] = {[STDOUT_FILENO] = {STDOUT_FILENO, false}, [STDERR_FILENO] = {STDERR_FILENO, false}};

/*
 * A pipe or a terminal is opened anew: O_NONBLOCK belongs to what is opened, and what we were given
 * is others' as well. A file never makes a writer wait, and a socket is told each time.
 */
static void reopen(int fd)
{
	char path[32];
	struct stat st;
	int own = -1;

	if (fstat(fd, &st))
		return;
	out[fd].is_socket = S_ISSOCK(st.st_mode);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))
		own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (own >= 0)
		out[fd].fd = own;
}

void tell_open(void)
{
	signal(SIGPIPE, SIG_IGN);
	reopen(STDOUT_FILENO);
	reopen(STDERR_FILENO);
}

/* Where opening anew was refused, this is what is left: a pipe then takes PIPE_BUF bytes. */
static bool takes(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int n = -1;

	for (int i = 0; i < TRIES && n < 0; i++)
		n = poll(&p, 1, 0);
	return n == 1 && p.revents & POLLOUT && !(p.revents & POLLERR);
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
	if (n <= 0 || !takes(out[fd].fd))
		return;
	if ((out[fd].is_socket ? send(out[fd].fd, text, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL)
			       : write(out[fd].fd, text, (size_t)n)) < 0)
		return; /* nobody to tell that either */
}
