// SPDX-License-Identifier: GPL-2.0-only
#include "event_journal.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "decimal.h"
#include "ip.h"
#include "message_ids.h"
#include "words.h"

#define VALUE 256

static u8 known(int index, bool *ok)
{
	*ok &= index >= 0;
	return index < 0 ? 0 : (u8)index;
}

/* 0 where the field is not there. */
static u32 number(const char *text, unsigned max, bool *ok)
{
	unsigned n = 0;

	if (*text && !decimal_parse(text, max, &n))
		*ok = false;
	return n;
}

static void address(const char *text, union wgf_ip *ret, bool *ok)
{
	if (*text && !ip_parse(text, ret))
		*ok = false;
}

/* 16 where it is none. */
static unsigned hex(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (unsigned)(at - digits) : 16;
}

/* As event_text_name() escapes it. */
static void name(const char *text, char ret[WGF_COMM])
{
	size_t n = 0;

	while (*text && n < WGF_COMM) {
		if (text[0] == '\\' && text[1] == 'x' && hex(text[2]) < 16 && hex(text[3]) < 16) {
			ret[n++] = (char)(hex(text[2]) << 4 | hex(text[3]));
			text += 4;
		} else {
			ret[n++] = *text++;
		}
	}
}

static u32 protocol(const char *text)
{
	static const u32 protocols[] = {1, WGF_TCP, WGF_UDP, 58};

	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (strcmp(text, event_protocol(protocols[i])) == 0)
			return protocols[i];
	return 0;
}

bool event_from_fields(event_field_fn *field, void *context, struct timespec time, struct told *ret)
{
	struct wgf_event e = {.count = 1};
	char fence[FENCE_NAME_MAX + 2]; /* one that is too long is still so */
	const char *ifname;
	bool ok = true;
	u32 length;

	e.reason = known(reason_by_label(field("WGFENCE_REASON", context)), &ok);
	e.hook = known(hook_by_label(field("WGFENCE_HOOK", context)), &ok);
	e.family = known(family_by_label(field("WGFENCE_FAMILY", context)), &ok);
	e.mode = strcmp(field("WGFENCE_MODE", context), "audit") == 0 ? WGF_AUDIT : WGF_ENFORCE;
	e.proto = protocol(field("WGFENCE_PROTOCOL", context));
	address(field("WGFENCE_REMOTE", context), &e.remote, &ok);
	address(field("WGFENCE_LOCAL", context), &e.local, &ok);
	e.remote_port = (u16)number(field("WGFENCE_REMOTE_PORT", context), UINT16_MAX, &ok);
	e.local_port = (u16)number(field("WGFENCE_LOCAL_PORT", context), UINT16_MAX, &ok);
	e.who.pid = number(field("WGFENCE_PID", context), UINT32_MAX, &ok);
	e.who.uid = number(field("WGFENCE_UID", context), UINT32_MAX, &ok);
	name(field("WGFENCE_COMM", context), e.who.comm);
	length = number(field("WGFENCE_NAME_LENGTH", context), WGF_NAME_BYTES, &ok);
	if (length)
		ok &= event_set_name(&e, field("WGFENCE_NAME", context), length);
	snprintf(fence, sizeof(fence), "%s", field("WGFENCE_FENCE", context));
	ifname = field("WGFENCE_INTERFACE", context);
	e.ifindex = *ifname != '\0'; /* any: its name is told */
	return ok && fence_name_valid(fence) && event_tell(&e, fence, ifname, time, ret);
}

struct reading {
	sd_journal *journal;
	char value[VALUE]; /* of the field that was asked last */
};

/* Data is "KEY=VALUE", without a zero behind it. */
static const char *journal_field(const char *key, void *context)
{
	struct reading *r = context;
	size_t len, head = strlen(key) + 1;
	const void *data;

	r->value[0] = '\0';
	if (sd_journal_get_data(r->journal, key, &data, &len) == 0 && len >= head &&
	    len - head < VALUE) {
		memcpy(r->value, (const char *)data + head, len - head);
		r->value[len - head] = '\0';
	}
	return r->value;
}

static int match(sd_journal *j, const char *fence)
{
	char text[sizeof("WGFENCE_FENCE=") + FENCE_NAME_MAX];
	int err = sd_journal_add_match(j, "MESSAGE_ID=" ID_FIRST_DROP, 0);

	snprintf(text, sizeof(text), "WGFENCE_FENCE=%s", fence);
	return err < 0 ? err : sd_journal_add_match(j, text, 0);
}

int event_journal_each(const char *fence, u64 since, void (*f)(const struct told *t, void *context),
		       void *context, struct err *e)
{
	struct reading r = {.journal = NULL};
	struct told t;
	int err = sd_journal_open(&r.journal, SD_JOURNAL_LOCAL_ONLY);

	if (err >= 0)
		err = match(r.journal, fence);
	if (err >= 0)
		err = sd_journal_seek_realtime_usec(r.journal, since * 1000000ULL);
	while (err >= 0 && (err = sd_journal_next(r.journal)) > 0) {
		uint64_t usec = 0;

		if (sd_journal_get_realtime_usec(r.journal, &usec) < 0 || usec / 1000000 < since)
			continue;
		if (event_from_fields(journal_field, &r,
				      (struct timespec){(time_t)(usec / 1000000),
							(long)(usec % 1000000) * 1000},
				      &t))
			f(&t, context);
	}
	sd_journal_close(r.journal);
	if (err >= 0)
		return 0;
	errno = -err;
	return err_errno(e, "cannot read the journal");
}
