#include "base/utf8.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"

/* Well-formed sequences by their first byte (The Unicode Standard 15, table
 * 3-7): how long they are, and what the second byte may be. Later ones are
 * always 80 to BF. */
static const struct {
	unsigned char first_min, first_max, second_min, second_max;
	size_t bytes;
} forms[] = {
	{ 0x01, 0x7f, 0x00, 0x00, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, /* not over-long */
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, /* no surrogates */
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, /* not over-long */
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 }, /* not above U+10FFFF */
};

/* Bytes of the well-formed sequence that s begins with; 0: it begins with none. */
static size_t sequence_bytes(const unsigned char *s)
{
	for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
		if (s[0] < forms[f].first_min || s[0] > forms[f].first_max) continue;
		if (forms[f].bytes == 1) return 1;
		if (s[1] < forms[f].second_min || s[1] > forms[f].second_max) return 0;
		for (size_t i = 2; i < forms[f].bytes; i++) /* stops at the final NUL */
			if (s[i] < 0x80 || s[i] > 0xbf) return 0;
		return forms[f].bytes;
	}
	return 0;
}

char *utf8_repair(const char *s)
{
	static const char replacement[3] = "\xef\xbf\xbd"; /* U+FFFD */
	if (!s) s = "";
	char *out = mem_new(3 * strlen(s) + 1, 1), *to = out;
	while (*s) {
		size_t bytes = sequence_bytes((const unsigned char *)s);
		if (bytes) memcpy(to, s, bytes);
		else memcpy(to, replacement, sizeof replacement);
		to += bytes ? bytes : sizeof replacement;
		s += bytes ? bytes : 1;
	}
	return out;
}
