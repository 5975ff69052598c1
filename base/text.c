#include "base/text.h"

#include <assert.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

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
