/* Small work on text that no locale can change: numbers, and letter case. */
#ifndef HEARTH_BASE_TEXT_H
#define HEARTH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* strtod as in the C locale, whatever setlocale says. */
double text_number(const char *s, char **end);

/* Writes v with at most `digits` significant digits and a point, whatever the
 * locale ("%.*g"). Returns buf. */
char *text_from_number(double v, int digits, char *buf, size_t size);

/* Equal but for the case of the letters A to Z: of the first n bytes, of all. */
bool text_same_n(const char *a, const char *b, size_t n);
bool text_same(const char *a, const char *b);

#endif
