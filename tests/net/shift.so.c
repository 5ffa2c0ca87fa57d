// SPDX-License-Identifier: GPL-2.0-only
/*
 * For LD_PRELOAD: a wall clock that jumps. The machine's own is everybody's, and no namespace has
 * one.
 *
 * Owns: CLOCK_REALTIME and time(2) of the process, shifted by as many seconds as the file WGF_SHIFT
 * holds, eight bytes. The other clocks are the kernel's: they do not jump.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile long long *shift;

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("WGF_SHIFT");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*shift), PROT_READ, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		abort();
	close(fd);
	shift = at;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	long r = syscall(SYS_clock_gettime, clock, ret);

	if (r == 0 && clock == CLOCK_REALTIME && shift)
		ret->tv_sec += *shift;
	return (int)r;
}

time_t time(time_t *ret)
{
	struct timespec t = {0};

	clock_gettime(CLOCK_REALTIME, &t);
	if (ret)
		*ret = t.tv_sec;
	return t.tv_sec;
}
