// SPDX-License-Identifier: GPL-2.0-only
#include "flows.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "maps.h"

/*
 * Into its place in the list, which is sorted; the last falls out where it is full. A flow may come
 * twice, when the walk begins anew.
 */
static void insert(struct flow *top, unsigned max, unsigned *n, const struct flow *f)
{
	unsigned at = *n;

	for (unsigned i = 0; i < *n; i++)
		if (memcmp(&top[i].key, &f->key, sizeof(f->key)) == 0)
			return;

	while (at > 0 && top[at - 1].value.count < f->value.count)
		at--;
	if (at == max)
		return;
	if (*n < max)
		(*n)++;
	memmove(&top[at + 1], &top[at], (*n - at - 1) * sizeof(*top));
	top[at] = *f;
}

/*
 * The table changes while it is read: an entry may go, or the next key begin anew from the front.
 * Twice its size bounds that.
 */
int flows_top(const char *fence, struct flow *ret, unsigned max, unsigned *ret_n,
	      unsigned *ret_total, struct err *e)
{
	struct wgf_flow_key at, *previous = NULL;
	int fd = map_open(fence, MAP_FLOWS, e);
	struct flow f;

	*ret_n = *ret_total = 0;
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	for (unsigned i = 0; i < 2 * WGF_MAX_FLOWS; i++) {
		if (bpf_map_get_next_key(fd, previous, &f.key))
			break;
		at = f.key;
		previous = &at;
		if (bpf_map_lookup_elem(fd, &f.key, &f.value))
			continue;
		(*ret_total)++;
		insert(ret, max, ret_n, &f);
	}
	close(fd);
	return 0;
}
