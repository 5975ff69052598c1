#include "models/control/convex.h"

#include <math.h>

void convex_add(struct convex *f, double length, double slope)
{
	if (!(length > 0)) return;
	while (f->n && f->piece[f->n - 1].slope >= slope) {
		const struct piece *last = &f->piece[--f->n];
		double sum = last->length + length;
		if (last->slope > slope)
			slope = (last->slope * last->length + slope * length) / sum;
		length = sum;
	}
	f->piece[f->n++] = (struct piece){ length, slope };
}

double convex_end(const struct convex *f)
{
	double x = f->from;
	for (size_t i = 0; i < f->n; i++) x += f->piece[i].length;
	return x;
}

/* Adds what of a piece from x on lies in [lo, hi]; what lies before goes into the value. */
static void add_within(struct convex *h, double x, const struct piece *s, double lo, double hi)
{
	double before = fmin(fmax(lo - x, 0), s->length);
	double after = fmax(x + s->length - fmax(hi, x), 0);
	h->value += before * s->slope;
	convex_add(h, s->length - before - after, s->slope);
}

bool convex_split(const struct convex *f, const struct convex *g, double lo, double hi,
    double tolerance, struct convex *h)
{
	double x = f->from + g->from;
	*h = (struct convex){ .from = fmin(fmax(x, lo), hi), .value = f->value + g->value,
		.piece = h->piece };
	if (x > hi + tolerance) return false;
	for (size_t i = 0, j = 0; i < f->n || j < g->n;) {
		bool is_f = j == g->n || (i < f->n && f->piece[i].slope <= g->piece[j].slope);
		const struct piece *s = is_f ? &f->piece[i++] : &g->piece[j++];
		add_within(h, x, s, lo, hi);
		x += s->length;
	}
	return x >= lo - tolerance;
}

/* Walks x upwards: f's pieces from the first on, g's from the last back. */
void convex_best(const struct convex *f, const struct convex *g, double z, double even,
    double *least, double *most)
{
	size_t i = 0, j = g->n;
	double f_at = f->from, g_at = z - convex_end(g), x = fmax(f_at, g_at);
	*least = *most = x;
	while (i < f->n && j > 0) {
		double f_next = f_at + f->piece[i].length, g_next = g_at + g->piece[j - 1].length;
		double next = fmin(f_next, g_next);
		double slope = f->piece[i].slope - g->piece[j - 1].slope;
		if (next > x) {
			if (slope > even) return;
			*most = x = next;
			if (slope < -even) *least = x;
		}
		if (f_next <= next) {
			f_at = f_next;
			i++;
		}
		if (g_next <= next) {
			g_at = g_next;
			j--;
		}
	}
}

double convex_at(const struct convex *f, double x)
{
	double value = f->value, left = x - f->from;
	for (size_t i = 0; i < f->n && left > 0; i++) {
		value += f->piece[i].slope * fmin(left, f->piece[i].length);
		left -= f->piece[i].length;
	}
	return value;
}
