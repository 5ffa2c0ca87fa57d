/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines to whoever started us, without ever waiting for them.
 *
 * Owns: the daemon's standard output and error. A pipe that nobody empties would stop a plain write
 * for ever, and with it the daemon: a line for which there is no room is lost.
 */
#ifndef WGF_TELL_H
#define WGF_TELL_H

/* Before the first: what would make a plain write wait is opened anew. SIGPIPE is ignored. */
void tell_open(void);

/* To standard output or error: one line or some, of less than PIPE_BUF bytes together; cut where
 * longer. */
void tell(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
