#include "bench/joules/cpulist.h"

#include <stdlib.h>

/* A number of at most seven digits; -1 when none is there. */
static int number(const char **at)
{
	char *end;
	if (**at < '0' || **at > '9') return -1;
	long n = strtol(*at, &end, 10);
	if (end - *at > 7) return -1;
	*at = end;
	return (int)n;
}

int cpulist_parse(const char *text, int *cpu, int max)
{
	int count = 0;
	while (*text) {
		int first = number(&text), last = first;
		if (*text == '-') {
			text++;
			last = number(&text);
		}
		if (first < 0 || last < first || last - first >= max - count) return -1;
		for (int i = first; i <= last; i++)
			cpu[count++] = i;
		if (*text == ',' && text[1])
			text++;
		else if (*text)
			return -1;
	}
	return count;
}
