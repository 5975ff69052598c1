#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void *must(void *p, size_t bytes)
{
	if (p) return p;
	fprintf(stderr, "hearth: out of memory (asked for %zu bytes)\n", bytes);
	abort();
}

static size_t bytes_of(size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes)) must(NULL, SIZE_MAX);
	return bytes ? bytes : 1;
}

void *mem_new(size_t n, size_t size)
{
	size_t bytes = bytes_of(n, size);
	return must(calloc(1, bytes), bytes);
}

void *mem_resize(void *p, size_t n, size_t size)
{
	size_t bytes = bytes_of(n, size);
	return must(realloc(p, bytes), bytes);
}

void *mem_grow(void *p, size_t count, size_t *cap, size_t size)
{
	if (count < *cap) return p;
	*cap = *cap ? 2 * *cap : 16;
	return mem_resize(p, *cap, size);
}

void *mem_lines(size_t n, size_t size)
{
	const size_t line = 64, huge = (size_t)2 << 20;
	size_t bytes = bytes_of(n, size), unit = bytes < huge ? line : huge, whole;
	if (__builtin_add_overflow(bytes, unit - 1, &whole)) must(NULL, bytes);
	whole = whole / unit * unit;
	void *p = must(aligned_alloc(unit, whole), whole);
	if (unit == huge) (void)madvise(p, whole, MADV_HUGEPAGE); /* a wish: small pages do too */
	return p;
}

char *mem_text_n(const char *s, size_t n)
{
	char *copy = mem_new(n + 1, 1);
	memcpy(copy, s, n);
	return copy;
}

char *mem_text(const char *s)
{
	return s ? mem_text_n(s, strlen(s)) : NULL;
}

char *mem_print(const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *s = mem_new((size_t)n + 1, 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}
