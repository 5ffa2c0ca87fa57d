/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries: what people, and programs that search the journal, are told.
 *
 * Owns: the form. Where standard output is the journal, it is a structured entry instead of a line,
 * never both; elsewhere it is a line. Must never wait: sd_journal_send(3) does where journald does
 * not read, so the datagram is made here. At a bounded rate: what is beyond it is counted, and the
 * count stands in the next entry.
 */
#ifndef WGF_ENTRY_H
#define WGF_ENTRY_H

#include <stddef.h>

#define ENTRY_BURST	 400 /* each first drop of all reasons and hooks has room */
#define ENTRY_PER_SECOND 2

struct entry {
	int fd; /* standard output or error: where the line goes */
	char message[1024];
	char fields[2048]; /* as the journal takes them: KEY=VALUE and a newline, each */
	size_t len;
};

/* After tell_open(). Looks whether the journal is what we were given (systemd.exec(5)). */
void entry_open(void);
/* The same, with its socket elsewhere, and in any case. */
void entry_open_at(const char *path);

/* `id` is of message_ids.h, `priority` of syslog(3), `fd` for the line where there is no journal.
 */
void entry_begin(struct entry *e, int fd, const char *id, int priority, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* A control character would end the field: it becomes a blank. What does not fit is left out. */
void entry_field(struct entry *e, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void entry_send(struct entry *e);

#endif
