#include <math.h>
#include <string.h>

#include "cli/sensitivity.h"

/* The nearest of the bar's places for a part of its width. */
static size_t place(double frac)
{
	return (size_t)(fmin(fmax(frac, 0), 1) * SENSITIVITY_BAR + 0.5);
}

void sensitivity_bar(char bar[SENSITIVITY_BAR_SIZE], double part, double whole, double most)
{
	size_t end = isfinite(whole) && most > 0 ? place(whole / most) : 0;
	size_t split = isfinite(part) && most > 0 ? place(part / most) : 0;
	if (split > end) split = end;
	memset(bar, '=', split);
	memset(bar + split, '-', end - split);
	bar[end] = '\0';
}

void sensitivity_span(
    char bar[SENSITIVITY_BAR_SIZE], double low, double high, double mean, double least, double most)
{
	bar[0] = '\0';
	if (!isfinite(low) || !isfinite(high) || !(most > least)) return;
	double wide = most - least;
	size_t from = place((low - least) / wide), to = place((high - least) / wide);
	size_t middle = place((mean - least) / wide);
	if (middle == SENSITIVITY_BAR) middle--;
	size_t end = to > middle ? to : middle + 1;
	memset(bar, ' ', end);
	memset(bar + from, '#', to - from);
	bar[middle] = '|';
	bar[end] = '\0';
}
