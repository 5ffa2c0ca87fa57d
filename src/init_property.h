/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What holds for a unit in the end, whichever of its files says so.
 *
 * Owns: turning the properties that systemd tells over the bus into lines "Key=value", in which a
 * list of words is a line with blanks between them, and a set that denies begins with '~'.
 */
#ifndef WGF_INIT_PROPERTY_H
#define WGF_INIT_PROPERTY_H

#include "list.h"

/* All properties of the unit `name`, of one kind, that are of a form known here. */
#define PROPERTIES_SERVICE "org.freedesktop.systemd1.Service"
#define PROPERTIES_UNIT	   "org.freedesktop.systemd1.Unit"
int unit_properties(const char *name, const char *kind, struct list *ret, struct err *e);

/* The value behind "key="; NULL where there is no such line. */
const char *property_value(const struct list *properties, const char *key);

/* Is `word` one of the value's? */
bool property_has(const char *value, const char *word);

#endif
