#include "base/text.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Not tolower(): that one follows the locale, and bytes above 127 have no case here. */
static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

/* The C library hands out its built-in C locale here: no file is read and
 * nothing is allocated, so it cannot fail and costs nothing to ask for. */
static locale_t c_locale(void)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	assert(c);
	return c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

const char *text_number_end(const char *s)
{
	const char *p = s + (*s == '+' || *s == '-');
	const char *digits = p;
	int n = 0;
	for (; is_digit(*p); p++) n++;
	if (*p == '.')
		for (p++; is_digit(*p); p++) n++;
	if (!n || (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))) return s;
	if (*p != 'e' && *p != 'E') return p;
	const char *e = p + 1 + (p[1] == '+' || p[1] == '-');
	if (!is_digit(*e)) return p;
	while (is_digit(*e)) e++;
	return e;
}

bool text_to_number(const char *s, double *v)
{
	const char *end = text_number_end(s);
	if (end == s || *end) return false;
	*v = text_number(s, NULL);
	return isfinite(*v);
}

bool text_to_integer(const char *s, int64_t *v)
{
	bool negative = *s == '-';
	int64_t n = 0;
	s += *s == '-' || *s == '+';
	if (!is_digit(*s)) return false;
	for (; is_digit(*s); s++) {
		int digit = negative ? '0' - *s : *s - '0';
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, digit, &n))
			return false;
	}
	if (*s) return false;
	*v = n;
	return true;
}

double text_number(const char *s, char **end)
{
	locale_t c = c_locale();
	double v = strtod_l(s, end, c);
	freelocale(c);
	return v;
}

char *text_from_number(double v, int digits, char *buf, size_t size)
{
	locale_t c = c_locale(), before = uselocale(c);
	snprintf(buf, size, "%.*g", digits, v);
	uselocale(before);
	freelocale(c);
	return buf;
}

int text_digits(double v)
{
	char text[TEXT_NUMBER_SIZE];
	for (int digits = 1; digits < 17; digits++)
		if (text_number(text_from_number(v, digits, text, sizeof text), NULL) == v)
			return digits;
	return 17;
}

char *text_shortest(double v, char buf[TEXT_NUMBER_SIZE])
{
	int digits = text_digits(v), before_point = 1;
	for (double edge = 10; fabs(v) >= edge && before_point < 16; edge *= 10) before_point++;
	bool written_out = before_point < 16; /* 700, not 7e+02 */
	if (written_out && digits < before_point) digits = before_point;
	return text_from_number(v, digits, buf, TEXT_NUMBER_SIZE);
}

bool text_same_n(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (lower(a[i]) != lower(b[i])) return false;
		if (!a[i]) return true;
	}
	return true;
}

bool text_same(const char *a, const char *b)
{
	return text_same_n(a, b, (size_t)-1);
}

static bool is_plain(const char *word)
{
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789-_./:+,")];
}

/* Single quotes keep everything but themselves, and each of those is '\'' then. */
char *text_for_shell(const char *word)
{
	if (is_plain(word)) return mem_text(word);
	char *quoted = mem_new(4 * strlen(word) + 3, 1), *to = quoted;
	*to++ = '\'';
	for (; *word; word++) {
		if (*word == '\'') to = stpcpy(to, "'\\''");
		else *to++ = *word;
	}
	*to = '\'';
	return quoted;
}

bool text_holds(const char *text, const char *part)
{
	size_t n = strlen(part);
	for (; *text; text++)
		if (text_same_n(text, part, n)) return true;
	return !n;
}
