/* The text of one attribute -> the member of the parameter struct, by its row. */
#ifndef HEARTH_LOADER_VALUE_H
#define HEARTH_LOADER_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "loader/keep.h"
#include "models/class.h"

enum { VALUE_WHY_SIZE = 512 };

struct value_text {
	const char *text;
	const char *beside; /* the file that names a FILE or FOLDER */
	bool typed;         /* on the command line: they are first sought in the working folder */
	struct keep *keep;  /* owns the texts that the member points to */
};

/* Where the member of a row lies in the parameter struct. */
void *value_member(const struct attr *a, void *par);
const void *value_at(const struct attr *a, const void *par);

/* Stores the value; REF is left to the caller, for what it names may stand
 * further down. False with one sentence in why: what is wrong and the remedy.
 * currency: that of a money value, else "". */
bool value_parse(const struct attr *a, const struct value_text *t, void *par, char currency[4],
    char *why);

/* Stores what an OPTIONAL attribute has when it is absent. Kinds that have no
 * value for it (INT, BOOL, ENUM, TIME) may not be OPTIONAL. */
void value_clear(const struct attr *a, void *par);

/* Whether an OPTIONAL attribute is absent. */
bool value_is_absent(const struct attr *a, const void *par);

/* Writes the value in SI as XML text that reads back as the same value, escaped.
 * currency stands in money units. Not for FILE, FOLDER and REF. */
void value_print(const struct attr *a, const void *par, const char *currency, FILE *out);

/* Writes text with what XML reserves as entities. */
void value_escape(const char *text, FILE *out);

/* `number unit` for people, money in `currency`; buf is returned. */
char *value_show(double si, enum dim dim, const char *currency, char *buf, size_t size);

/* A copy for messages: at most 60 bytes, control characters shown as '?'. */
struct value_quote {
	char text[72];
};
struct value_quote value_quote(const char *text);

/* The i-th word of a list split by spaces; size 0 behind the last. */
const char *value_word(const char *words, int i, size_t *size);

#endif
