// SPDX-License-Identifier: GPL-2.0-only
/*
 * attack: all that a service could try to get past its fence.
 *
 *   attack list                  "NUMBER PART NAME UNSEEN EXCLUDED SINCE OPEN", with tabs, a line
 *                                each
 *   attack KEY=VALUE...          reads numbers, a line each; answers each with "NUMBER ANSWER"
 *   attack outsider KEY=VALUE... the process outside of the fence whose help is asked (outsider.c)
 *
 * Owns: the table, the world, and that an attempt is made in a process of its own: it may take its
 * namespaces, its limits or its life along. Whatever it leaves, the next one begins anew.
 */
#include "attack.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outsider.h"

#define LIMIT_MS 8000

struct world world;
struct mark mark;

static const struct attempt *const parts[] = {
	families_attempts, datagram_attempts, stream_attempts,	  header_attempts,
	group_attempts,	   address_attempts,  ring_attempts,	  descriptor_attempts,
	unix_attempts,	   frame_attempts,    transport_attempts, namespace_attempts,
	path_attempts,	   program_attempts,  netlink_attempts,	  race_attempts,
	remains_attempts,
};
static const char *const part_names[] = {
	"socket families",
	"datagrams",
	"connections",
	"options and headers",
	"groups",
	"addresses",
	"io_uring",
	"descriptors",
	"helpers outside",
	"frames",
	"transports of the kernel",
	"namespaces and cgroups",
	"files and devices",
	"bpf",
	"netlink",
	"races",
	"remains",
};
_Static_assert(N_OF(parts) == N_OF(part_names), "each part has a name");

static int answer_fd;
static char answer[200];
static bool failed;

bool step(const char *what, long result)
{
	if (failed)
		return false;
	if (result < 0) {
		snprintf(answer, sizeof(answer), "%s %s", what,
			 strerrorname_np(errno) ? strerrorname_np(errno) : "?");
		failed = true;
	} else {
		snprintf(answer, sizeof(answer), "%s ok", what);
	}
	return !failed;
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(answer, sizeof(answer), format, args);
	va_end(args);
}

/* The number of all attempts; `ret` is that one, and `part` the name of its part. */
static unsigned find(unsigned number, const struct attempt **ret, const char **part)
{
	unsigned n = 0;

	for (size_t i = 0; i < N_OF(parts); i++)
		for (const struct attempt *a = parts[i]; a->name; a++)
			if (++n == number) {
				*ret = a;
				*part = part_names[i];
			}
	return n;
}

static void list(void)
{
	const struct attempt *a = NULL;
	const char *part = NULL;
	unsigned n = find(0, &a, &part);

	for (unsigned i = 1; i <= n; i++) {
		find(i, &a, &part);
		printf("%u\t%s\t%s\t%s\t%s\t%s\t%s\n", i, part, a->name,
		       a->unseen ? a->unseen : "-", a->excluded ? a->excluded : "-",
		       a->since ? a->since : "-", a->open ? a->open : "-");
	}
}

static void mark_set(unsigned number)
{
	mark.number = 1000 * world.pass + number;
	mark.port = (unsigned short)(PORTS + mark.number);
	mark.len = (size_t)snprintf(mark.text, sizeof(mark.text), "attack=%04u;0123456789",
				    mark.number % 10000);
}

static void attempt_in_child(const struct attempt *a, int out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	answer_fd = out;
	a->run(a->arg);
	if (write(answer_fd, answer, strlen(answer)) < 0)
		_exit(1);
	_exit(0);
}

static void attempt_make(unsigned number)
{
	const struct attempt *a = NULL;
	const char *part = NULL;
	struct pollfd p;
	char text[sizeof(answer) + 1] = "";
	ssize_t n = 0;
	int fds[2];
	pid_t pid;

	if (number > find(number, &a, &part) || !a || pipe2(fds, O_CLOEXEC))
		die("no such attempt");
	mark_set(number);
	pid = fork();
	if (pid == 0)
		attempt_in_child(a, fds[1]);
	close(fds[1]);
	p = (struct pollfd){.fd = fds[0], .events = POLLIN};
	/* What it leaves behind may hold the pipe, so its end is not waited for. */
	if (poll(&p, 1, LIMIT_MS) > 0)
		n = read(fds[0], text, sizeof(text) - 1);
	else
		kill(pid, SIGKILL);
	close(fds[0]);
	waitpid(pid, NULL, 0);
	printf("%u %s\n", number, n > 0 ? text : p.revents ? "killed" : "hangs");
	fflush(stdout);
}

/* By its own signal, so that nothing is closed before it is dead. */
void die_with_answer(int signal)
{
	if (write(answer_fd, answer, strlen(answer)) < 0)
		_exit(1);
	raise(signal);
}

static void two(union address *ret, const char *text)
{
	char v4[64], v6[64];

	if (sscanf(text, "%63[^,],%63s", v4, v6) != 2)
		die(text);
	address_need(v4, "0", &ret[0]);
	address_need(v6, "0", &ret[1]);
}

static bool mac(const char *text, const char *key, unsigned char *ret)
{
	size_t n = strlen(key);

	return strncmp(text, key, n) == 0 &&
	       sscanf(text + n, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &ret[0], &ret[1], &ret[2], &ret[3],
		      &ret[4], &ret[5]) == 6;
}

static const char *value(const char *word, const char *key)
{
	size_t n = strlen(key);

	return strncmp(word, key, n) == 0 ? word + n : NULL;
}

static void read_world(const char *word)
{
	const char *v;

	if ((v = value(word, "past=")))
		two(world.past, v);
	else if ((v = value(word, "lan=")))
		two(world.lan, v);
	else if ((v = value(word, "inner=")))
		two(world.inner, v);
	else if ((v = value(word, "home=")))
		two(world.home, v);
	else if ((v = value(word, "router=")))
		two(world.router, v);
	else if (sscanf(word, "home_if=%15s", world.home_if) == 1)
		world.home_index = if_nametoindex(world.home_if);
	else if (!mac(word, "router_mac=", world.router_mac) &&
		 !mac(word, "home_mac=", world.home_mac) &&
		 sscanf(word, "tunnel_if=%15s", world.tunnel_if) != 1 &&
		 sscanf(word, "webui=%hu", &world.webui) != 1 &&
		 sscanf(word, "dir=%63s", world.dir) != 1 &&
		 sscanf(word, "cgroup=%127s", world.cgroup) != 1 &&
		 sscanf(word, "pins=%127s", world.pins) != 1 &&
		 sscanf(word, "pass=%1u", &world.pass) != 1 &&
		 sscanf(word, "outsider=%d", &world.outsider) != 1)
		misuse("list | [outsider] KEY=VALUE...");
}

int main(int argc, char **argv)
{
	bool outside = argc > 1 && strcmp(argv[1], "outsider") == 0;
	char line[32];

	if (argc > 1 && strcmp(argv[1], "list") == 0) {
		list();
		return 0;
	}
	for (int i = outside ? 2 : 1; i < argc; i++)
		read_world(argv[i]);
	if (outside)
		return outsider_run();
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		attempt_make((unsigned)atoi(line));
	return 0;
}
