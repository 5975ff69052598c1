#include "models/energy/ageing.h"

#include <assert.h>
#include <math.h>

#include "models/energy/ageing_laws.h"

/* What is left when the states have taken theirs. */
typedef double health_fn(const double loss[AGEING_STATES]);

static double all_lost(const double loss[AGEING_STATES])
{
	return 1 - loss[0] - loss[1] - loss[2];
}

/* Lithium or active material, whichever is less; there is 1 % more of the latter. */
static double scarcest(const double loss[AGEING_STATES])
{
	return fmin(1 - loss[0] - loss[1], 1.01 - loss[2]);
}

static double solid_plain(const double loss[AGEING_STATES])
{
	return 1 - loss[0] - loss[2];
}

static double solid_best(const double loss[AGEING_STATES])
{
	return 1 - 0.5 * loss[0] - fmin(loss[1], loss[2]);
}

static double solid_worst(const double loss[AGEING_STATES])
{
	return 1 - 2 * loss[0] - fmax(loss[1], loss[2]);
}

static const struct cell {
	ageing_law *law;
	health_fn *health;
	double seed; /* of the third state: a sigmoid of a high power never leaves nothing */
} cells[AGEING_CELL_COUNT] = {
	[AGEING_LFP_250AH] = { ageing_lfp_250ah, all_lost, 0 },
	[AGEING_LFP_3AH] = { ageing_lfp_3ah, all_lost, 1e-10 },
	[AGEING_NMC_75AH] = { ageing_nmc_75ah, all_lost, 0 },
	[AGEING_NMC_50AH] = { ageing_nmc_50ah, all_lost, 0 },
	[AGEING_NMC111_75AH] = { ageing_nmc111_75ah, scarcest, 1e-8 },
	[AGEING_SOLID_PLAIN] = { ageing_solid, solid_plain, 0 },
	[AGEING_SOLID_BEST] = { ageing_solid, solid_best, 0 },
	[AGEING_SOLID_WORST] = { ageing_solid, solid_worst, 0 },
};

static const enum chemistry chemistry_of[AGEING_CELL_COUNT] = {
#define X(id, chemistry, word, about) chemistry,
	AGEING_CELL_LIST(X)
#undef X
};

struct ageing_cells ageing_cells_of(enum chemistry chemistry)
{
	struct ageing_cells c = { 0, 0 };
	for (int i = AGEING_CELL_COUNT; i-- > 0;)
		if (chemistry_of[i] == chemistry) {
			c.first = (enum ageing_cell)i;
			c.n++;
		}
	return c;
}

bool ageing_is_assumption(enum chemistry chemistry)
{
	return chemistry == CHEMISTRY_SOLID_STATE;
}

double ageing_anode_v(double soc)
{
	double x = 8.5e-3 + soc * (0.78 - 8.5e-3); /* lithium per C6 */
	return 0.6379 + 0.5416 * exp(-305.5309 * x) + 0.044 * tanh(-(x - 0.1958) / 0.1088) -
	       0.1978 * tanh((x - 1.0571) / 0.0854) - 0.6875 * tanh((x + 0.0117) / 0.0529) -
	       0.0175 * tanh((x - 0.5692) / 0.0875);
}

void ageing_day_derive(struct ageing_day *d)
{
	const double rest_per_h = 0.01;
	double low = d->soc[0], high = d->soc[0];
	double interval_h = 24 * d->days / (double)(d->n - 1), moved = 0, fast = 0;
	d->anode_v[0] = ageing_anode_v(d->soc[0]);
	for (size_t i = 1; i < d->n; i++) {
		double step = fabs(d->soc[i] - d->soc[i - 1]);
		bool end = i == 1 || i == d->n - 1; /* the rates are points of a trapezium rule */
		moved += step;
		if (step >= rest_per_h * interval_h) fast += end ? 0.5 * step : step;
		low = fmin(low, d->soc[i]);
		high = fmax(high, d->soc[i]);
		d->anode_v[i] = step > 0 ? ageing_anode_v(d->soc[i]) : d->anode_v[i - 1];
	}
	d->efc = moved / 2;
	d->dod = high - low;
	d->c_per_h = fast / (24 * d->days);
}

struct ageing_state ageing_new(enum ageing_cell cell)
{
	struct ageing_state a = { .loss = { 0, 0, cells[cell].seed } };
	a.health_frac = fmin(cells[cell].health(a.loss), 1);
	return a;
}

static double curve_at(const struct ageing_curve *c, double x)
{
	return c->limit > 0 ? c->limit * tanh(pow(c->k * x, c->p) / 2) : c->k * pow(x, c->p);
}

/* A sigmoid whose limit has fallen below the state stays where it is. */
static bool is_at_rest(const struct ageing_curve *c, double y)
{
	return !(c->dx > 0) || !(c->k > 0) || (c->limit > 0 && y >= c->limit);
}

/* dy/dx where the curve passes y > 0. */
static double curve_slope(const struct ageing_curve *c, double y)
{
	if (!(c->limit > 0)) return c->k * c->p * pow(y / c->k, (c->p - 1) / c->p);
	double share = y / c->limit, z = 2 * atanh(share);
	double x = pow(z, 1 / c->p) / c->k;
	return 0.5 * c->limit * (1 - share * share) * c->p * z / x;
}

static double curve_inverse(const struct ageing_curve *c, double y)
{
	double z = c->limit > 0 ? 2 * atanh(y / c->limit) : y / c->k;
	return c->limit > 0 ? pow(z, 1 / c->p) / c->k : pow(z, 1 / c->p);
}

static void mean_add_day(
    struct ageing_mean *m, const struct ageing_curve curve[AGEING_STATES], double days)
{
	m->days += days;
	for (int i = 0; i < AGEING_STATES; i++) {
		const struct ageing_curve *c = &curve[i];
		struct ageing_curve *sum = &m->sum[i];
		if (!(c->dx > 0) || !(c->k > 0)) continue;
		sum->k += c->dx * (c->limit > 0 ? c->k : pow(c->k, 1 / c->p));
		sum->p += c->dx * c->p;
		sum->limit += c->dx * c->limit;
		sum->dx += c->dx;
	}
}

void ageing_mean_add(struct ageing_mean *into, const struct ageing_mean *more)
{
	into->days += more->days;
	for (int i = 0; i < AGEING_STATES; i++) {
		into->sum[i].k += more->sum[i].k;
		into->sum[i].p += more->sum[i].p;
		into->sum[i].limit += more->sum[i].limit;
		into->sum[i].dx += more->sum[i].dx;
	}
}

void ageing_advance(enum ageing_cell cell, const struct ageing_day *d, struct ageing_state *a,
    struct ageing_mean *mean)
{
	struct ageing_curve curve[AGEING_STATES] = { { 0, 0, 0, 0 } };
	assert(d->n >= 2 && d->n <= AGEING_POINTS_MAX && d->days > 0);
	cells[cell].law(d, a->health_frac, curve);
	for (int i = 0; i < AGEING_STATES; i++) {
		const struct ageing_curve *c = &curve[i];
		double y = a->loss[i];
		if (is_at_rest(c, y)) continue;
		a->loss[i] += y > 0 ? curve_slope(c, y) * c->dx : curve_at(c, c->dx);
	}
	a->health_frac = fmin(fmax(cells[cell].health(a->loss), 0), 1);
	if (mean) mean_add_day(mean, curve, d->days);
}

/* The curve of a day of the mean duty. */
static struct ageing_curve mean_curve(const struct ageing_curve *sum, double days)
{
	if (!(sum->dx > 0)) return (struct ageing_curve){ 0 };
	struct ageing_curve c = {
		.limit = sum->limit / sum->dx,
		.p = sum->p / sum->dx,
		.k = sum->k / sum->dx,
		.dx = sum->dx / days,
	};
	if (!(c.limit > 0)) c.k = pow(c.k, c.p);
	return c;
}

double ageing_projected_frac(enum ageing_cell cell, const struct ageing_mean *mean, double days)
{
	struct ageing_state a = ageing_new(cell);
	for (int i = 0; i < AGEING_STATES; i++) {
		struct ageing_curve c = mean_curve(&mean->sum[i], mean->days);
		if (is_at_rest(&c, a.loss[i])) continue;
		a.loss[i] = curve_at(&c, curve_inverse(&c, a.loss[i]) + days * c.dx);
	}
	return fmin(fmax(cells[cell].health(a.loss), 0), 1);
}

/* The health only falls: bisection. */
double ageing_days_to(enum ageing_cell cell, const struct ageing_mean *mean, double health_frac)
{
	double low = 0, high = AGEING_HORIZON_DAYS;
	if (ageing_projected_frac(cell, mean, high) > health_frac) return high;
	while (high - low > 1e-6 * high) {
		double middle = 0.5 * (low + high);
		if (ageing_projected_frac(cell, mean, middle) > health_frac)
			low = middle;
		else
			high = middle;
	}
	return high;
}
