// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser of the state, and the screen of `top`, under libFuzzer.
 *
 * Owns: what must hold for every input: what it takes for a state is written again and read again
 * as the same, and no cell of the screen is anything but printable ASCII.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"
#include "top_layout.h"

static struct state s, again;
static struct top top;
static struct canvas canvas;

static void check_screen(void)
{
	canvas.rows = TOP_MIN_ROWS;
	canvas.cols = TOP_MIN_COLS;
	top_begin(&top, s.fence);
	top_take_state(&top, &s);
	top_layout(&top, 0, &canvas);
	for (int row = 0; row < canvas.rows; row++)
		for (int col = 0; col < canvas.cols; col++)
			MUST(canvas.cells[row][col].c >= 0x20 && canvas.cells[row][col].c <= 0x7e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = NULL;
	size_t len;
	FILE *f;

	if (!state_parse((const char *)data, size, &s))
		return 0;
	f = open_memstream(&text, &len);
	MUST(f);
	state_json(f, &s);
	fclose(f);
	MUST(state_parse(text, len, &again));
	MUST(memcmp(&s.counters, &again.counters, sizeof(s.counters)) == 0);
	MUST(s.n_flows == again.n_flows && s.now == again.now);
	free(text);
	check_screen();
	return 0;
}
