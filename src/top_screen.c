// SPDX-License-Identifier: GPL-2.0-only
#include "top_screen.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "top_keys.h"

static attr_t looks[N_LOOKS] = {[LOOK_TITLE] = A_REVERSE,
				[LOOK_STRONG] = A_BOLD,
				[LOOK_BAD] = A_BOLD,
				[LOOK_WARN] = A_BOLD};

bool screen_possible(void)
{
	int problem;

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	       setupterm(NULL, STDOUT_FILENO, &problem) == OK && cursor_address && clear_screen;
}

/* Where NO_COLOR is set, or the terminal has none, bold and reverse do. */
static void set_colours(void)
{
	static const struct {
		enum look look;
		short colour;
	} of[] = {{LOOK_GOOD, COLOR_GREEN},
		  {LOOK_BAD, COLOR_RED},
		  {LOOK_WARN, COLOR_YELLOW},
		  {LOOK_BAR, COLOR_CYAN}};

	if (getenv("NO_COLOR") || !has_colors() || start_color() != OK)
		return;
	use_default_colors();
	for (short i = 0; i < (short)(sizeof(of) / sizeof(of[0])); i++)
		if (init_pair((short)(i + 1), of[i].colour, -1) == OK)
			looks[of[i].look] |= COLOR_PAIR(i + 1);
}

int screen_open(struct canvas *c, struct err *e)
{
	setlocale(LC_CTYPE, "");
	c->blocks = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (!newterm(NULL, stdout, stdin))
		return err_set(e, EXIT_FAILED, "cannot use this terminal");
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	set_colours();
	return 0;
}

void screen_close(void)
{
	endwin();
}

int screen_key(void)
{
	static const struct {
		int curses, key;
	} keys[] = {{KEY_UP, TOP_UP},		{KEY_DOWN, TOP_DOWN}, {KEY_PPAGE, TOP_PAGE_UP},
		    {KEY_NPAGE, TOP_PAGE_DOWN}, {KEY_HOME, TOP_HOME}, {KEY_END, TOP_END},
		    {KEY_BACKSPACE, TOP_ERASE}, {127, TOP_ERASE},     {8, TOP_ERASE},
		    {KEY_ENTER, '\n'}};
	int c = getch();

	if (c == ERR)
		return -1;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].curses == c)
			return keys[i].key;
	return c < 0x100 ? c : 0;
}

void screen_size(struct canvas *c)
{
	getmaxyx(stdscr, c->rows, c->cols);
}

/* A row of cells that look the same goes out in one piece. */
static void put_row(const struct canvas *c, int row)
{
	wchar_t text[CANVAS_MAX_COLS + 1];

	for (int col = 0, end; col < c->cols; col = end) {
		const struct cell *cell = &c->cells[row][col];
		int n = 0;

		for (end = col; end < c->cols && c->cells[row][end].look == cell->look &&
				c->cells[row][end].chosen == cell->chosen;
		     end++)
			text[n++] = c->cells[row][end].c;
		text[n] = L'\0';
		attrset((int)(looks[cell->look] | (cell->chosen ? A_REVERSE : 0)));
		mvaddnwstr(row, col, text, n);
	}
}

/* A write to a terminal whose other end does not read would wait. */
bool screen_show(const struct canvas *c)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	if (poll(&out, 1, 0) != 1 || !(out.revents & POLLOUT))
		return false;
	erase();
	for (int row = 0; row < c->rows; row++)
		put_row(c, row);
	refresh();
	return true;
}
