// SPDX-License-Identifier: GPL-2.0-only
#include "flows.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fence_maps.h"

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
 * Every flow. The table changes while it is read: an entry may go, or the next key begin anew from
 * the front. Twice its size bounds that.
 */
static int walk(const char *fence, void (*f)(const struct flow *flow, void *context), void *context,
		struct err *e)
{
	struct wgf_flow_key at, *previous = NULL;
	int fd = map_open(fence, MAP_FLOWS, e);
	struct flow flow;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	for (unsigned i = 0; i < 2 * WGF_MAX_FLOWS; i++) {
		if (bpf_map_get_next_key(fd, previous, &flow.key))
			break;
		at = flow.key;
		previous = &at;
		if (bpf_map_lookup_elem(fd, &flow.key, &flow.value) == 0)
			f(&flow, context);
	}
	close(fd);
	return 0;
}

static void keep_last(const struct flow *f, void *context)
{
	u64 *last = context;

	if (f->value.last > *last)
		*last = f->value.last;
}

int flows_last(const char *fence, u64 *ret, struct err *e)
{
	*ret = 0;
	return walk(fence, keep_last, ret, e);
}

struct top {
	struct flow *flow;
	unsigned max, *n, *total;
};

static void keep_top(const struct flow *f, void *context)
{
	struct top *t = context;

	(*t->total)++;
	insert(t->flow, t->max, t->n, f);
}

int flows_top(const char *fence, struct flow *ret, unsigned max, unsigned *ret_n,
	      unsigned *ret_total, struct err *e)
{
	struct top t = {ret, max, ret_n, ret_total};

	*ret_n = *ret_total = 0;
	return walk(fence, keep_top, &t, e);
}

bool flow_knows_remote(const struct wgf_flow_key *key)
{
	return key->hook != WGF_UNIX && (key->remote.q[0] || key->remote.q[1]);
}

/* It stands in the place of a port. */
size_t flow_name_length(const struct wgf_flow_key *key)
{
	return key->hook == WGF_UNIX && key->port <= WGF_NAME_BYTES ? key->port : 0;
}

static size_t tail_of(size_t len)
{
	return len < sizeof(union wgf_ip) ? len : sizeof(union wgf_ip);
}

const char *flow_name(const struct wgf_flow_key *key, char out[NAME_TEXT])
{
	size_t len = flow_name_length(key), n = tail_of(len);

	return name_print((const char *)key->remote.b + sizeof(key->remote) - n, n, len, out);
}

bool flow_set_name(struct wgf_flow_key *key, const char *text, size_t len)
{
	size_t n = tail_of(len);

	key->port = (u16)len;
	key->remote = (union wgf_ip){.q = {0, 0}};
	return len <= WGF_NAME_BYTES &&
	       name_parse_tail(text, n, len, (char *)key->remote.b + sizeof(key->remote) - n);
}
