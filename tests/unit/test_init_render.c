// SPDX-License-Identifier: GPL-2.0-only
/* The texts: configuration, drop-ins, NixOS; the head line; and what two texts differ in. */
#include "init_diff.h"
#include "init_found.h"
#include "init_render.h"
#include "init_stamp.h"

static void test_config(void **state)
{
	struct findings f = found("");
	char *text = render_config(&f, &e);

	(void)state;
	assert_string_equal(text, "\n[fence]\nunit = q@u.service\ntunnel = wg0\nmode = enforce\n\n"
				  "[webui]\nport = 8080\nallow = localhost lan\n\n"
				  "[dns]\nserver = 10.2.0.1\n");
	free(text);
	f.webui = false;
	list_free(&f.servers);
	text = render_config(&f, &e);
	assert_string_equal(text, "\n[fence]\nunit = q@u.service\ntunnel = wg0\nmode = enforce\n");
	free(text);
	findings_free(&f);
}

/* What config_parse() refuses is never handed out. */
static void test_no_config(void **state)
{
	struct findings f = found("");

	(void)state;
	strcpy(f.tunnel, "lo");
	assert_null(render_config(&f, &e));
	assert_non_null(strstr(e.text, "loopback"));
	strcpy(f.tunnel, "a\nb");
	assert_null(render_config(&f, &e));
	strcpy(f.tunnel, "wg0");
	strcpy(f.unit, "q.socket");
	assert_null(render_config(&f, &e));
	findings_free(&f);
}

static void test_dropins(void **state)
{
	struct findings f = found("");
	struct dropin d;
	char *text;

	(void)state;
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	text = render_dropin(&d, &e);
	assert_non_null(strstr(text, "\n[Unit]\nWants=wgfence@q\\x2dx.service\n"));
	assert_non_null(strstr(text, "\n[Service]\nSlice=wgfence-q\\x2dx.slice\nExecStartPre=+"));
	free(text);
	text = render_slice(&f, &e);
	assert_non_null(strstr(text, "\nRefuseManualStop=yes\n"));
	free(text);
	dropin_free(&d);
	findings_free(&f);
}

static void test_nixos(void **state)
{
	struct findings f = found("[Service]\nProtectSystem=full\n");
	char *text = NULL;
	struct dropin d;
	size_t size;
	FILE *out;

	(void)state;
	list_add(&f.paths, &e, "/a\"${b}");
	strcpy(f.tunnel_unit, "wg-quick@wg0.service");
	assert_int_equal(dropin_make(&f, &d, &e), 0);
	out = open_memstream(&text, &size);
	render_nixos(out, &f, &d, "\n[fence]\nunit = x\n");
	fclose(out);
	assert_non_null(
		strstr(text, "environment.etc.\"wgfence/q-x.conf\".text = ''\n\n    [fence]"));
	assert_non_null(strstr(text, "systemd.services.\"q@u\".serviceConfig = {"));
	assert_non_null(strstr(text, "overrideStrategy = \"asDropin\""));
	assert_non_null(strstr(
		text, "after = [ \"wgfence@q\\\\x2dx.service\" \"wg-quick@wg0.service\" ];"));
	assert_non_null(strstr(text, "Slice = \"wgfence-q\\\\x2dx.slice\";"));
	assert_non_null(strstr(text, "ProtectSystem = lib.mkForce \"strict\";"));
	assert_non_null(strstr(text, "\"\\\"-/a\\\\\\\"\\${b}\\\"\"\n"));
	assert_non_null(strstr(text, "systemd.slices.\"wgfence-q\\\\x2dx\".unitConfig"));
	free(text);
	dropin_free(&d);
	findings_free(&f);
}

static void test_stamp(void **state)
{
	char *text = stamp_put("a\nb\n"), *other = stamp_put("");

	(void)state;
	assert_int_equal(text[0], '#');
	assert_int_equal(stamp_check(text), STAMP_OURS);
	assert_int_equal(stamp_check(other), STAMP_OURS);
	/* Each byte counts, those of the head line too. */
	for (size_t i = 0; text[i]; i++) {
		text[i] ^= 1;
		assert_int_not_equal(stamp_check(text), STAMP_OURS);
		text[i] ^= 1;
	}
	/* Cut short anywhere. */
	for (size_t i = strlen(text); i-- > 0;) {
		text[i] = '\0';
		assert_int_not_equal(stamp_check(text), STAMP_OURS);
	}
	assert_int_equal(stamp_check("[fence]\n"), STAMP_FOREIGN);
	assert_int_equal(stamp_check("# Written by wgfence init; checksum "), STAMP_EDITED);
	free(text);
	free(other);
}

static void assert_diff(const char *before, const char *after, const char *wanted)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	diff_print(out, before, after);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
}

static void test_diff(void **state)
{
	static char many[5000];

	(void)state;
	assert_diff("", "", "");
	assert_diff("a\n", "a", "");
	assert_diff("", "a\nb\n", "  + a\n  + b\n");
	assert_diff("[x]\na\nb\nc\n", "[x]\na\nB\nc\n", "    [x]\n  - b\n  + B\n");
	assert_diff("a\nb\n", "b\nc\n", "  - a\n  + c\n");
	assert_diff("\033[2J\n", "", "  - ?[2J\n");
	for (unsigned i = 0; i < sizeof(many) - 1; i++)
		many[i] = '\n';
	assert_diff(many, many, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config),	cmocka_unit_test(test_no_config),
		cmocka_unit_test(test_dropins), cmocka_unit_test(test_nixos),
		cmocka_unit_test(test_stamp),	cmocka_unit_test(test_diff),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
