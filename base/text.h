/* Small work on text that no locale can change: numbers, and letter case. */
#ifndef HEARTH_BASE_TEXT_H
#define HEARTH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The end of the decimal number that s begins with: [+-] digits [. digits]
 * [e [+-] digits]; s itself when there is none. What strtod takes besides is
 * none: "inf", "nan", "0x1p3". */
const char *text_number_end(const char *s);

/* Reads a text that is a number and nothing else. False when it is none or not
 * finite; the integer: when it has a fraction or does not fit. */
bool text_to_number(const char *s, double *v);
bool text_to_integer(const char *s, int64_t *v);

/* strtod as in the C locale, whatever setlocale says. */
double text_number(const char *s, char **end);

/* Writes v with at most `digits` significant digits and a point, whatever the
 * locale ("%.*g"). Returns buf. */
char *text_from_number(double v, int digits, char *buf, size_t size);

/* The digits, 1 to 17, that a finite v needs to be read back as it is. */
int text_digits(double v);

/* v with no more digits than that, without exponent from 1e-4 to below 1e15; any double fits.
 * Returns buf. */
enum { TEXT_NUMBER_SIZE = 32 };
char *text_shortest(double v, char buf[TEXT_NUMBER_SIZE]);

/* The word as a shell reads it back: as it is where it has nothing but letters, digits and
 * _ - . / : + ,  else in single quotes. The caller frees. */
char *text_for_shell(const char *word);

/* Equal but for the case of the letters A to Z: of the first n bytes, of all. */
bool text_same_n(const char *a, const char *b, size_t n);
bool text_same(const char *a, const char *b);

/* Whether `part` stands somewhere in the text, in that sense equal. */
bool text_holds(const char *text, const char *part);

#endif
