// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy for people: all that admits a packet is there to read.
 */
#include "notes.h"
#include "policy_print.h"
#include "scene.h"

static char *text_of(const struct scene *s)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	policy_print(f, &s->p, &s->inv);
	fclose(f);
	return text;
}

static void assert_text(struct scene *s, const char *expected)
{
	char *text = text_of(s);

	assert_string_equal(text, expected);
	free(text);
	free(s);
}

static void test_whole(void **state)
{
	struct scene *s = scene_new("lo 127.0.0.1/8; eth0 192.168.1.5/24 fe80::1/64;"
				    "wg0:wireguard 10.64.0.2/32 fc00::2/128",
				    "localhost lan");

	(void)state;
	scene_rule(s, "connect tcp 127.0.0.1 8096");
	scene_rule(s, "serve udp 2001:db8::/32 9000 dev eth0");
	scene_compile(s);
	assert_text(s, "mode        enforce\n"
		       "tunnel      wg0 (interface 3)\n"
		       "from        10.64.0.2 on wg0\n"
		       "            fc00::2 on wg0\n"
		       "webui       tcp port 8080\n"
		       "answers     any address on lo\n"
		       "            192.168.1.0/24 on eth0\n"
		       "            fe80::/10 on eth0\n"
		       "rules       connect tcp 127.0.0.1 8096 (line 100)\n"
		       "            serve udp 2001:db8::/32 9000 dev eth0 (line 101)\n"
		       "broadcasts  127.255.255.255\n"
		       "            192.168.1.255\n");
}

static void test_least(void **state)
{
	struct scene *s = scene_new("lo 127.0.0.1/32", NULL);

	(void)state;
	s->c.mode = WGF_AUDIT;
	scene_compile(s);
	assert_text(s, "mode        audit: counts, drops nothing\n"
		       "tunnel      wg0 (not there: nothing leaves by it)\n"
		       "webui       none\n");
}

static void test_tunnel_down(void **state)
{
	struct scene *s = scene_new("lo 127.0.0.1/32; wg0:wireguard down 10.64.0.2/32", NULL);

	(void)state;
	scene_compile(s);
	assert_text(s, "mode        enforce\n"
		       "tunnel      wg0 (down or without an address: nothing leaves by it)\n"
		       "webui       none\n");
}

/* The policy in force outlives the interfaces that it was compiled against. */
static void test_interfaces_gone(void **state)
{
	struct scene *s = scene_new("eth0 192.168.1.5/31; wg0:wireguard 10.64.0.2/32", "lan");

	(void)state;
	scene_rule(s, "connect udp 192.0.2.1 9 dev eth0");
	scene_compile(s);
	s->inv.n_links = 0;
	assert_text(s, "mode        enforce\n"
		       "tunnel      wg0 (interface 2)\n"
		       "from        10.64.0.2 on interface 2 (gone)\n"
		       "webui       tcp port 8080\n"
		       "answers     192.168.1.4/31 on interface 1 (gone)\n"
		       "rules       connect udp 192.0.2.1 9 dev interface 1 (gone) (line 100)\n");
}

static void test_closed(void **state)
{
	struct scene *s = scene_new("", NULL);

	(void)state;
	assert_text(s, "policy      none: nothing leaves\n");
}

static void test_notes(void **state)
{
	static struct notes notes;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	note_add(&notes, NOTE_ABSENT, 0, "wg0: no such interface");
	note_add(&notes, NOTE_OVERFLOW, 3, "lan: too much");
	note_add(&notes, NOTE_CONFLICT, 4, "lan: covers");
	note_add(&notes, NOTE_WARNING, 5, "wide");
	notes.dropped = 2;
	notes_print(f, &notes, "/etc/wgfence/q.conf");
	fclose(f);
	assert_string_equal(text, "/etc/wgfence/q.conf: not present: wg0: no such interface\n"
				  "/etc/wgfence/q.conf:3: does not fit: lan: too much\n"
				  "/etc/wgfence/q.conf:4: conflict, withdrawn: lan: covers\n"
				  "/etc/wgfence/q.conf:5: warning: wide\n"
				  "/etc/wgfence/q.conf: 2 more notes\n");
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),	    cmocka_unit_test(test_least),
		cmocka_unit_test(test_tunnel_down), cmocka_unit_test(test_interfaces_gone),
		cmocka_unit_test(test_closed),	    cmocka_unit_test(test_notes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
