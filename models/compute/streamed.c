#include "models/compute/streamed.h"

#include <math.h>

/* Newton's method on f(h) = h - exp(-(1 - h) x) from h = 0, x = S / C > 1: f is concave and
 * below zero there, so that the steps only ever grow towards the smaller root. */
double streamed_hit_frac(double span_bytes, double cache_bytes)
{
	double x = span_bytes / cache_bytes, h = 0;
	if (x <= 1) return 1;
	for (int i = 0; i < 60; i++) {
		double missing = exp(-(1 - h) * x), slope = 1 - x * missing;
		if (slope <= 0) break; /* at the double root, x = 1 to within rounding */
		double next = h - (h - missing) / slope;
		if (!(next > h)) break;
		h = next;
	}
	return fmin(h, 1);
}

double streamed_kept_frac(double span_bytes, double cache_bytes)
{
	double hit = cache_bytes > 0 ? streamed_hit_frac(span_bytes, cache_bytes) : 0;
	return hit < 1e-3 ? 0 : hit;
}

double streamed_bytes_s(double hit_frac, double cache_bytes_s, double memory_bytes_s)
{
	return 1 / (hit_frac / cache_bytes_s + (1 - hit_frac) / memory_bytes_s);
}
