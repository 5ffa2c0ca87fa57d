/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: text as a JSON string, quotes included; bytes that are no printable ASCII are escaped. */
#ifndef WGF_JSON_H
#define WGF_JSON_H

#include <stdio.h>

void json_string(FILE *out, const char *text);

#endif
