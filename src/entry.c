// SPDX-License-Identifier: GPL-2.0-only
#include "entry.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "tell.h"

#define SOCKET	   "/run/systemd/journal/socket"
#define IDENTIFIER "wgfence"

/* Every entry takes a token; ENTRY_PER_SECOND come anew. */
static struct {
	int fd; /* -1: lines, no entries */
	struct sockaddr_un address;
	u64 milli; /* thousandths of a token */
	u64 then;
	u64 left_out;
} journal = {.fd = -1};

void entry_open_at(const char *path)
{
	journal.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	journal.address.sun_family = AF_UNIX;
	snprintf(journal.address.sun_path, sizeof(journal.address.sun_path), "%s", path);
	journal.milli = ENTRY_BURST * 1000ULL;
	journal.then = now_msec();
}

/* The service manager names what it connected us with by device and inode. */
void entry_open(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	if (stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	    fstat(STDOUT_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode)
		entry_open_at(SOCKET);
}

void entry_field(struct entry *e, const char *key, const char *format, ...)
{
	size_t room = sizeof(e->fields) - e->len;
	int head = snprintf(e->fields + e->len, room, "%s=", key), n;
	char *value = e->fields + e->len + head;
	va_list args;

	if (head < 0 || (size_t)head >= room)
		return;
	va_start(args, format);
	n = vsnprintf(value, room - (size_t)head, format, args);
	va_end(args);
	if (n < 0 || (size_t)(head + n) + 1 >= room)
		return;
	for (char *c = value; *c; c++)
		if ((unsigned char)*c < 0x20)
			*c = ' ';
	value[n] = '\n';
	e->len += (size_t)(head + n) + 1;
}

void entry_begin(struct entry *e, int fd, const char *id, int priority, const char *format, ...)
{
	va_list args;

	e->fd = fd;
	e->len = 0;
	va_start(args, format);
	vsnprintf(e->message, sizeof(e->message), format, args);
	va_end(args);
	entry_field(e, "MESSAGE", "%s", e->message);
	entry_field(e, "MESSAGE_ID", "%s", id);
	entry_field(e, "PRIORITY", "%d", priority);
	entry_field(e, "SYSLOG_IDENTIFIER", IDENTIFIER);
}

static bool within_rate(void)
{
	u64 now = now_msec();

	journal.milli += (now - journal.then) * ENTRY_PER_SECOND;
	journal.then = now;
	if (journal.milli > ENTRY_BURST * 1000ULL)
		journal.milli = ENTRY_BURST * 1000ULL;
	if (journal.milli < 1000)
		return false;
	journal.milli -= 1000;
	return true;
}

/* By its path each time: journald may have been started anew. */
static bool send_to_journal(const struct entry *e)
{
	return sendto(journal.fd, e->fields, e->len, MSG_DONTWAIT | MSG_NOSIGNAL,
		      (const struct sockaddr *)&journal.address,
		      sizeof(journal.address)) == (ssize_t)e->len;
}

void entry_send(struct entry *e)
{
	if (journal.fd < 0) {
		tell(e->fd, "%s\n", e->message);
		return;
	}
	if (!within_rate()) {
		journal.left_out++;
		return;
	}
	if (journal.left_out)
		entry_field(e, "WGFENCE_LEFT_OUT", "%llu", journal.left_out);
	if (send_to_journal(e)) {
		journal.left_out = 0;
		return;
	}
	/* Standard output is a stream that the service manager keeps while journald starts anew. */
	tell(e->fd, "%s\n", e->message);
}
