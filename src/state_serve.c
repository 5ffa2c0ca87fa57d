// SPDX-License-Identifier: GPL-2.0-only
#include "state_serve.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "hub_accept.h"
#include "hub_listen.h"
#include "state.h"

/*
 * Within this time the same answer goes out again, so that asking without end costs little more
 * than asking.
 */
#define FRESH_MSEC 100

struct state_server {
	const char *name, *cgroup;
	struct hub_accept accept;
	char *text;
	size_t len;
	u64 made; /* now_msec() of the text, also where there was none to be had; 0: not yet */
	struct state state;
};

/* "" where it cannot be read: who asks sees that there is no answer. */
static void make_text(struct state_server *s)
{
	struct err ignored;
	FILE *out;

	free(s->text);
	s->text = NULL;
	s->len = 0;
	s->made = now_msec();
	if (state_read(s->name, s->cgroup, &s->state, &ignored))
		return;
	out = open_memstream(&s->text, &s->len);
	if (!out)
		return;
	state_json(out, &s->state);
	if (fclose(out))
		s->len = 0;
}

static void answer(int fd, void *context)
{
	struct state_server *s = context;

	if (!s->made || now_msec() - s->made >= FRESH_MSEC)
		make_text(s);
	if (s->len)
		send(fd, s->text, s->len, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

int state_serve(const char *name, const char *cgroup, sd_event *event, struct state_server **ret,
		struct err *e)
{
	struct state_server *s = calloc(1, sizeof(*s));
	int fd;

	if (!s)
		return err_errno(e, "no memory");
	s->name = name;
	s->cgroup = cgroup;
	s->accept = (struct hub_accept){.take = answer, .context = s};
	fd = hub_listen(RUN_DIR, name, STATE_SOCKET, HUB_GROUP, e);
	if (fd < 0) {
		free(s);
		return -1;
	}
	/* After everything that the fence needs. */
	if (hub_accept_open(&s->accept, event, fd, SD_EVENT_PRIORITY_IDLE) < 0) {
		state_unserve(s);
		return err_set(e, EXIT_FAILED, "cannot watch the socket of the state");
	}
	*ret = s;
	return 0;
}

void state_unserve(struct state_server *s)
{
	if (!s)
		return;
	hub_accept_close(&s->accept);
	hub_unlisten(RUN_DIR, s->name, STATE_SOCKET);
	free(s->text);
	free(s);
}
