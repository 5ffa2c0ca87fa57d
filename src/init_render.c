// SPDX-License-Identifier: GPL-2.0-only
#include "init_render.h"

#include <stdlib.h>
#include <string.h>

#include "init_own.h"

static void print_list(FILE *out, const char *key, const struct list *l)
{
	if (!l->n)
		return;
	fprintf(out, "%s =", key);
	for (unsigned i = 0; i < l->n; i++)
		fprintf(out, " %s", l->v[i]);
	fputc('\n', out);
}

static void print_config(FILE *out, const struct findings *f)
{
	fprintf(out, "\n[fence]\nunit = %s\ntunnel = %s\nmode = enforce\n", f->unit, f->tunnel);
	if (f->webui) {
		fprintf(out, "\n[webui]\nport = %u\n", f->webui_port);
		print_list(out, "allow", &f->networks);
	}
	if (f->servers.n) {
		fprintf(out, "\n[dns]\n");
		print_list(out, "server", &f->servers);
	}
}

/* Closes the stream; the text is whole only where nothing failed. */
static char *finish(FILE *out, char **text, struct err *e)
{
	if (out && fclose(out) == 0)
		return *text;
	err_errno(e, "memory");
	free(*text);
	return NULL;
}

char *render_config(const struct findings *f, struct err *e)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct config c;
	char file[sizeof(f->name) + 8];

	if (out)
		print_config(out, f);
	if (!finish(out, &text, e))
		return NULL;
	snprintf(file, sizeof(file), "%s.conf", f->name);
	if (config_parse(text, strlen(text), file, f->name, &c, e) == 0)
		return text;
	free(text);
	return NULL;
}

static void print_section(FILE *out, const char *section, const struct list *lines)
{
	fprintf(out, "\n[%s]\n", section);
	for (unsigned i = 0; i < lines->n; i++)
		fprintf(out, "%s\n", lines->v[i]);
}

char *render_dropin(const struct dropin *d, struct err *e)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out) {
		print_section(out, "Unit", &d->unit);
		print_section(out, "Service", &d->service);
	}
	return finish(out, &text, e);
}

char *render_slice(const struct findings *f, struct err *e)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	/* Stopping the slice removes its cgroup, and the fence with it. */
	if (out)
		fprintf(out,
			"\n[Unit]\nDescription=Fence %s: what may use its tunnel only\n"
			"RefuseManualStop=yes\n",
			f->name);
	return finish(out, &text, e);
}

/* "text" in Nix: quotes, backslashes and ${ escaped. */
static void print_nix_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (strchr("\"\\", *text) || (*text == '$' && text[1] == '{'))
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static size_t key_len(const char *line)
{
	return strcspn(line, "=");
}

static bool same_key(const char *a, const char *b)
{
	return key_len(a) == key_len(b) && strncmp(a, b, key_len(a)) == 0;
}

/* One attribute: all values of the key of lines[at], a list where there are several. */
static void print_attribute(FILE *out, const struct findings *f, const struct list *lines,
			    unsigned at)
{
	const char *line = lines->v[at];
	char key[64], own[8];
	unsigned n = 0;
	bool merges, force;

	snprintf(key, sizeof(key), "%.*s", (int)key_len(line), line);
	for (unsigned i = at; i < lines->n; i++)
		n += same_key(lines->v[i], line);
	/* Two values for one attribute are an error there, but lists merge. */
	merges = strcmp(key, "ExecStartPre") == 0 || strstr(key, "Paths") ||
		 strcmp(key, "TemporaryFileSystem") == 0;
	force = !merges && own_last(&f->texts, "Service", key, own, sizeof(own));
	fprintf(out, "    %s =%s%s", key, force ? " lib.mkForce" : "", n > 1 || merges ? " [" : "");
	for (unsigned i = at; i < lines->n; i++)
		if (same_key(lines->v[i], line)) {
			fputs(n > 1 || merges ? "\n      " : " ", out);
			print_nix_string(out, lines->v[i] + key_len(lines->v[i]) + 1);
		}
	fputs(n > 1 || merges ? "\n    ];\n" : ";\n", out);
}

static void print_attributes(FILE *out, const struct findings *f, const struct list *lines)
{
	for (unsigned i = 0; i < lines->n; i++) {
		bool seen = false;

		for (unsigned j = 0; j < i; j++)
			seen |= same_key(lines->v[j], lines->v[i]);
		if (!seen)
			print_attribute(out, f, lines, i);
	}
}

/* The config's lines, in an indented string, whose own escapes are '' and ${. */
static void print_nix_text(FILE *out, const char *text)
{
	fputs("''\n", out);
	while (*text) {
		size_t len = strcspn(text, "\n");

		fprintf(out, "%s%.*s\n", len ? "    " : "", (int)len, text);
		text += len + (text[len] == '\n');
	}
	fputs("  ''", out);
}

void render_nixos(FILE *out, const struct findings *f, const struct dropin *d, const char *config)
{
	char unit[sizeof(f->unit)], slice[UNIT_NAME], daemon[UNIT_NAME];

	snprintf(unit, sizeof(unit), "%.*s", (int)(strlen(f->unit) - strlen(".service")), f->unit);
	dropin_slice(f->name, slice);
	dropin_daemon(f->name, daemon);
	slice[strlen(slice) - strlen(".slice")] = '\0';
	fprintf(out, "{ lib, ... }: {\n  environment.etc.\"wgfence/%s.conf\".text = ", f->name);
	print_nix_text(out, config);
	fputs(";\n  systemd.services.", out);
	print_nix_string(out, unit);
	fputs(" = {\n", out);
	/* An instance of a template becomes a drop-in there only where it says so. */
	if (strchr(unit, '@'))
		fputs("    overrideStrategy = \"asDropin\";\n", out);
	fputs("    wants = [ ", out);
	print_nix_string(out, daemon);
	fputs(" ];\n    after = [ ", out);
	print_nix_string(out, daemon);
	if (*f->tunnel_unit) {
		fputc(' ', out);
		print_nix_string(out, f->tunnel_unit);
	}
	fputs(" ];\n  };\n  systemd.services.", out);
	print_nix_string(out, unit);
	fputs(".serviceConfig = {\n", out);
	print_attributes(out, f, &d->service);
	fputs("  };\n  systemd.slices.", out);
	print_nix_string(out, slice);
	fputs(".unitConfig.RefuseManualStop = true;\n}\n", out);
}
