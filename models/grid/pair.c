#include "models/grid/pair.h"

#include <math.h>

enum { P = NET_PHASES };

/* A pivot below this share of the largest entry is rounding: the matrix is singular. */
static const double least_pivot_frac = 1e-10;

typedef double complex square[P][P];

/* The operator asks after infinities, which takes longer than the product. */
static double complex times(double complex x, double complex y)
{
	double a = creal(x), b = cimag(x), c = creal(y), d = cimag(y);
	return a * c - b * d + I * (a * d + b * c);
}

static double square_abs(double complex z)
{
	return creal(z) * creal(z) + cimag(z) * cimag(z);
}

static void swap_rows(square m, uint32_t a, uint32_t b)
{
	for (int k = 0; k < P; k++) {
		double complex z = m[a][k];
		m[a][k] = m[b][k];
		m[b][k] = z;
	}
}

static uint32_t pivot_of(square m, uint32_t column, uint32_t size)
{
	uint32_t best = column;
	for (uint32_t i = column + 1; i < size; i++)
		if (square_abs(m[i][column]) > square_abs(m[best][column])) best = i;
	return best;
}

static double largest(square m, uint32_t size)
{
	double most = 0;
	for (uint32_t i = 0; i < size; i++)
		for (uint32_t k = 0; k < size; k++) most = fmax(most, square_abs(m[i][k]));
	return sqrt(most);
}

/* Gauss and Jordan with row exchange, of the upper left part; m is destroyed. */
static bool invert(square m, uint32_t size, square inverse)
{
	double scale = largest(m, size);
	for (uint32_t i = 0; i < size; i++) inverse[i][i] = 1;
	for (uint32_t c = 0; c < size; c++) {
		uint32_t pivot = pivot_of(m, c, size);
		if (!(sqrt(square_abs(m[pivot][c])) > least_pivot_frac * scale)) return false;
		swap_rows(m, c, pivot);
		swap_rows(inverse, c, pivot);
		double complex by = 1 / m[c][c];
		for (uint32_t k = 0; k < size; k++) {
			m[c][k] = times(by, m[c][k]);
			inverse[c][k] = times(by, inverse[c][k]);
		}
		for (uint32_t i = 0; i < size; i++) {
			double complex of = m[i][c];
			if (i == c) continue;
			for (uint32_t k = 0; k < size; k++) {
				m[i][k] -= times(of, m[c][k]);
				inverse[i][k] -= times(of, inverse[c][k]);
			}
		}
	}
	return true;
}

/* sum += sign * x y */
static void add_product(square sum, double sign, square x, square y)
{
	for (int i = 0; i < P; i++)
		for (int k = 0; k < P; k++)
			for (int j = 0; j < P; j++) sum[i][k] += sign * times(x[i][j], y[j][k]);
}

static struct matrix by_columns(square m)
{
	struct matrix out = { 0 };
	for (int i = 0; i < P; i++)
		for (int k = 0; k < P; k++) {
			out.column[k].re[i] = creal(m[i][k]);
			out.column[k].im[i] = cimag(m[i][k]);
		}
	return out;
}

/* Y from terminals `col` and on to terminals `row` and on. */
static void block_of(const struct net_element *el, uint32_t row, uint32_t rows, uint32_t col,
    uint32_t cols, square block)
{
	for (uint32_t i = 0; i < rows; i++)
		for (uint32_t k = 0; k < cols; k++)
			block[i][k] = el->y[(row + i) * el->terminals + col + k];
}

/* Equal admittances both ways and at both ends: nothing but what lies between. */
static bool is_series(const struct radial_branch *b, square nn, square nf, square fn, square ff)
{
	if (b->nears != b->fars) return false;
	for (uint32_t i = 0; i < b->fars; i++)
		for (uint32_t k = 0; k < b->fars; k++)
			if (nn[i][k] != ff[i][k] || nf[i][k] != -ff[i][k] || fn[i][k] != -ff[i][k])
				return false;
	return true;
}

static bool pair_of_element(
    const struct net_element *el, const struct radial_branch *at, struct pair *p)
{
	square nn = { 0 }, nf = { 0 }, fn = { 0 }, ff = { 0 };
	square a = { 0 }, b = { 0 }, d = { 0 };
	uint32_t near = at->turned ? el->sends : 0, far = at->turned ? 0 : el->sends;
	block_of(el, near, at->nears, near, at->nears, nn);
	block_of(el, near, at->nears, far, at->fars, nf);
	block_of(el, far, at->fars, near, at->nears, fn);
	block_of(el, far, at->fars, far, at->fars, ff);
	p->series = is_series(at, nn, nf, fn, ff);
	if (!invert(ff, at->fars, b)) return false;
	p->b = by_columns(b);
	if (p->series) {
		for (uint32_t k = 0; k < at->fars; k++)
			p->a.column[k].re[k] = p->d.column[k].re[k] = 1;
		return true;
	}
	add_product(a, -1, b, fn);
	add_product(d, -1, nf, b);
	add_product(nn, 1, nf, a);
	p->a = by_columns(a);
	p->c = by_columns(nn);
	p->d = by_columns(d);
	return true;
}

bool pair_of(const struct network *n, const struct radial_branch *b, struct pair *p)
{
	*p = (struct pair){ 0 };
	if (b->element != NET_NONE) return pair_of_element(&n->element[b->element], b, p);
	double weight = n->tie[b->tie].weight[0];
	p->a.column[0].re[0] = p->d.column[0].re[0] = b->turned ? 1 / weight : weight;
	return true;
}

bool even_of(const struct matrix *m, struct even *e)
{
	const struct lanes *first = &m->column[0], *last = &m->column[P - 1];
	double own_re = first->re[0], own_im = first->im[0];
	double sum_re = last->re[0], sum_im = last->im[0];
	double limit = 1e-13 * (fabs(own_re) + fabs(own_im));
	for (int k = 0; k < P; k++)
		for (int i = 0; i < P; i++) {
			double re = m->column[k].re[i] - (i == k ? own_re : sum_re);
			double im = m->column[k].im[i] - (i == k ? own_im : sum_im);
			if (!(fabs(re) <= limit && fabs(im) <= limit)) return false;
		}
	*e = (struct even){ own_re - sum_re, own_im - sum_im, sum_re, sum_im };
	return true;
}
