# SPDX-License-Identifier: GPL-2.0-only
#
# A terminal's screen (tmux capture-pane -e -N -p) as SVG, which needs no font but any of fixed width: each run
# of letters is set to the width of its cells, and the blocks of bars are drawn.
#   LC_ALL=C awk -v title=TEXT -f tests/pictures/svg.awk
#
# Knows what top draws: ASCII, the blocks U+2581 to U+2588, bold, reverse, and eight colours. What else comes is
# an error, not a wrong picture.

BEGIN {
	bold = reverse = colour = 0
	W = 8.4; H = 18; SIZE = 14; MARGIN = 12
	PAPER = "#16181d"; INK = "#d5d8de"; STRONG = "#ffffff"
	split("#16181d #ff6b68 #6bc46d #e5b85c #6aa5f0 #c78dea #56c2c9 #d5d8de", colours, " ")
	for (i = 1; i < 256; i++)
		code[sprintf("%c", i)] = i
}

function fail(why) {
	print "svg.awk: line " NR ": " why >"/dev/stderr"
	failed = 1
	exit 1
}

function number(n) {
	return sprintf("%.5g", n)
}

# A terminal's attributes, as ESC [ N ; N ... m has them.
function attributes(text,    n, i, part) {
	n = split(text == "" ? "0" : text, part, ";")
	for (i = 1; i <= n; i++)
		if (part[i] + 0 == 0)
			bold = reverse = colour = 0
		else if (part[i] == 1)
			bold = 1
		else if (part[i] == 7)
			reverse = 1
		else if (part[i] == 27)
			reverse = 0
		else if (part[i] >= 30 && part[i] <= 37)
			colour = part[i] - 29
		else if (part[i] == 39)
			colour = 0
		else if (part[i] != 22 && part[i] != 49)
			fail("an attribute that top does not use: " part[i])
}

function look() {
	return bold "," reverse "," colour
}

# One cell; a block is told by its height in eighths.
function cell(letter, eighths) {
	letters[NR, col] = letter
	blocks[NR, col] = eighths
	looks[NR, col] = look()
	if (++col > cols)
		cols = col
}

{
	col = 0
	for (rest = $0; rest != "";) {
		if (match(rest, /^\033\[[0-9;]*m/)) {
			attributes(substr(rest, 3, RLENGTH - 3))
			rest = substr(rest, RLENGTH + 1)
		} else if (substr(rest, 1, 2) == "\342\226") {
			cell(" ", code[substr(rest, 3, 1)] - 128)
			rest = substr(rest, 4)
		} else if (rest ~ /^[ -~]/) {
			cell(substr(rest, 1, 1), 0)
			rest = substr(rest, 2)
		} else if (rest ~ /^[\016\017]/) {
			rest = substr(rest, 2)
		} else {
			fail("a byte that top does not use: " code[substr(rest, 1, 1)])
		}
	}
	lengths[NR] = col
}

function ink(style,    part) {
	split(style, part, ",")
	if (part[2])
		return PAPER
	return part[3] ? colours[part[3]] : part[1] ? STRONG : INK
}

function is_reverse(style) {
	return style ~ /^.,1/
}

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	return text
}

function box(row, from, n, fill, part) {
	printf "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\" shape-rendering=\"crispEdges\"/>\n",
		number(MARGIN + from * W),
		number(MARGIN + row * H - part * H), number(n * W), number(part * H), fill
}

# Blanks at its ends are no letters.
function words(row, from, text, style) {
	match(text, /^ */)
	from += RLENGTH
	text = substr(text, RLENGTH + 1)
	sub(/ *$/, "", text)
	if (text == "")
		return
	printf "<text x=\"%s\" y=\"%s\" textLength=\"%s\" fill=\"%s\"%s>%s</text>\n", number(MARGIN + from * W),
		number(MARGIN + row * H - 0.28 * H), number(length(text) * W), ink(style),
		style ~ /^1/ ? " font-weight=\"bold\"" : "", escaped(text)
}

# A run of cells that look the same.
function run(row, from, to,    c, text, style) {
	style = looks[row, from]
	if (is_reverse(style))
		box(row, from, to - from, INK, 1)
	for (c = from; c < to; c++) {
		text = text letters[row, c]
		if (blocks[row, c])
			box(row, c, 1, ink(style), blocks[row, c] / 8)
	}
	words(row, from, text, style)
}

END {
	if (failed)
		exit 1
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" role=\"img\">\n",
		number(cols * W + 2 * MARGIN), number(NR * H + 2 * MARGIN),
		number(cols * W + 2 * MARGIN), number(NR * H + 2 * MARGIN)
	printf "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n", escaped(title), PAPER
	printf "<g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace\" "
	printf "font-size=\"%d\" xml:space=\"preserve\">\n", SIZE
	for (row = 1; row <= NR; row++)
		for (from = 0; from < lengths[row]; from = to) {
			for (to = from; to < lengths[row] && looks[row, to] == looks[row, from]; to++)
				;
			run(row, from, to)
		}
	print "</g>\n</svg>"
}
