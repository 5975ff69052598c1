#include "models/grid/bill.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/month.h"
#include "models/grid/window.h"

#define DAY_S 86400.0

/* Seconds since 1970 have a resolution of 0.2 us in a double. */
static const double blur_s = 1e-5;

/* Of the highest window mean of a month, within some hours. */
struct charge {
	struct hours when;
	unsigned months;
	double per_kw;
	double *peak_w; /* [meters]: of this month */
};

struct bills {
	const struct tariff *tariff;
	const struct tariff_par *par;
	uint32_t meters;
	double *import_cost, *export_income, *step_cost; /* [meters] */
	double fixed_cost;                               /* of each meter alike */

	struct month month; /* the open one; begin_s NAN: none yet */
	const struct tier *tier;
	size_t tiers;
	double *month_j; /* [meters]: import of the month, less export when netted; NULL: no tiers */
	double *owed, *credit; /* [meters]: the month's energy, credits at hand; NULL: feed-in */

	struct charge *charge;
	size_t charges;
	struct window window;
	double *window_j, *demand_cost; /* [meters]: import of the open window; NULL: no charges */
};

static void add_charge(struct bills *b, const struct hours *when, double per_kw)
{
	b->charge = mem_resize(b->charge, b->charges + 1, sizeof *b->charge);
	b->charge[b->charges++] = (struct charge){ *when, hours_months(when->months), per_kw,
		mem_new(b->meters, sizeof(double)) };
}

static void make_charges(struct bills *b)
{
	const struct hours always = { 0, DAY_S, DAYS_ALL, NULL };
	if (b->par->demand_per_kw > 0) add_charge(b, &always, b->par->demand_per_kw);
	const struct object *o = object_child(tariff_object(b->tariff), &demand_charge_class);
	for (; o; o = object_next(o)) {
		const struct demand_charge_par *p = o->par;
		add_charge(b, &p->when, p->per_kw);
	}
	b->window.width_s = b->par->window_s;
	b->demand_cost = mem_new(b->meters, sizeof(double));
	if (b->charges) b->window_j = mem_new(b->meters, sizeof(double));
}

struct bills *bills_new(const struct tariff *t, uint32_t meters)
{
	struct bills *b = mem_new(1, sizeof *b);
	b->tariff = t;
	b->par = tariff_par(t);
	b->meters = meters;
	b->import_cost = mem_new(meters, sizeof(double));
	b->export_income = mem_new(meters, sizeof(double));
	b->step_cost = mem_new(meters, sizeof(double));
	b->month.begin_s = NAN;
	b->tiers = tariff_tiers(t, &b->tier);
	if (b->tiers) b->month_j = mem_new(meters, sizeof(double));
	if (b->par->export_kind != EXPORT_FEED_IN) {
		b->owed = mem_new(meters, sizeof(double));
		b->credit = mem_new(meters, sizeof(double));
	}
	make_charges(b);
	return b;
}

void bills_free(struct bills *b)
{
	if (!b) return;
	for (size_t c = 0; c < b->charges; c++) free(b->charge[c].peak_w);
	free(b->charge);
	free(b->import_cost);
	free(b->export_income);
	free(b->step_cost);
	free(b->month_j);
	free(b->owed);
	free(b->credit);
	free(b->window_j);
	free(b->demand_cost);
	free(b);
}

/* What of its credit a meter uses at the month's end. One below nothing, of negative prices
 * of export, is a debt and is paid whole. */
static double used_credit(const struct bills *b, uint32_t i)
{
	return fmin(b->credit[i], fmax(b->owed[i], 0));
}

static void settle_credits(struct bills *b)
{
	bool lost = b->par->credit == CREDIT_MONTH ||
	            (b->par->credit == CREDIT_YEAR && b->month.of_year + 1 == b->par->credit_ends);
	for (uint32_t i = 0; i < b->meters; i++) {
		double used = used_credit(b, i);
		b->export_income[i] += used;
		b->credit[i] = lost ? 0 : b->credit[i] - used;
		b->owed[i] = 0;
	}
}

static void end_month(struct bills *b)
{
	if (b->owed) settle_credits(b);
	for (uint32_t i = 0; b->month_j && i < b->meters; i++) b->month_j[i] = 0;
	for (size_t c = 0; c < b->charges; c++)
		for (uint32_t i = 0; i < b->meters; i++) b->charge[c].peak_w[i] = 0;
}

/* Opens the month of that time if it is a new one. */
static void turn_month(struct bills *b, double local_s)
{
	if (local_s < b->month.end_s - blur_s && local_s >= b->month.begin_s - blur_s) return;
	if (!isnan(b->month.begin_s)) end_month(b);
	b->month = month_at(local_s + blur_s);
}

/* What tiers add to the cost of going from one to another import of a month, to_j >= from_j. */
static double cost_between(const struct tier *tier, double from_j, double to_j)
{
	double sum = 0;
	while (from_j >= tier->up_to_j) tier++; /* the last has no end */
	for (; to_j > tier->up_to_j; tier++) {
		sum += tier->price_per_j * (tier->up_to_j - from_j);
		from_j = tier->up_to_j;
	}
	return sum + tier->price_per_j * (to_j - from_j);
}

/* Adds tiers to what a piece of a step cost and, when export is netted, earned. */
static void add_tiers(struct bills *b, double part_s, const double *net_w)
{
	bool netted = b->par->export_kind == EXPORT_NET_METERING;
	for (uint32_t i = 0; i < b->meters; i++) {
		double from_j = b->month_j[i], to_j = from_j + net_w[i] * part_s;
		if (to_j > from_j) {
			double cost = cost_between(b->tier, from_j, to_j);
			b->import_cost[i] += cost;
			b->step_cost[i] += cost;
			if (b->owed) b->owed[i] += cost;
		} else if (netted) {
			b->credit[i] += cost_between(b->tier, to_j, from_j);
		} else {
			continue;
		}
		b->month_j[i] = to_j;
	}
}

static void add_energy(struct bills *b, double part_s, struct tariff_price price,
    const double *restrict net_w)
{
	double *restrict cost = b->import_cost, *restrict step = b->step_cost;
	double *restrict income = b->owed ? b->credit : b->export_income;
	double import_per_ws = price.import_per_j * part_s;
	double export_per_ws = price.export_per_j * part_s;
	for (uint32_t i = 0; i < b->meters; i++) {
		double in_w = net_w[i] > 0 ? net_w[i] : 0, out_w = net_w[i] < 0 ? -net_w[i] : 0;
		double paid = in_w * import_per_ws;
		cost[i] += paid;
		step[i] += paid;
		income[i] += out_w * export_per_ws;
	}
	for (uint32_t i = 0; b->owed && i < b->meters; i++)
		b->owed[i] += (net_w[i] > 0 ? net_w[i] : 0) * import_per_ws;
}

static void charge_demand(struct bills *b, struct charge *c)
{
	for (uint32_t i = 0; i < b->meters; i++) {
		double mean_w = b->window_j[i] / b->window.width_s, more_w = mean_w - c->peak_w[i];
		if (!(more_w > 0)) continue;
		b->demand_cost[i] += c->per_kw * more_w / 1000;
		c->peak_w[i] = mean_w;
	}
}

static bool in_force(const struct bills *b, const struct charge *c, double local_s)
{
	struct hours_day day = tariff_day(b->tariff, local_s);
	return hours_hold(&c->when, c->months, &day, local_s - DAY_S * floor(local_s / DAY_S));
}

/* Adds a piece that lies in one window; one that was entered in its middle is dropped. */
static void add_demand(struct bills *b, double local_s, double part_s, const double *restrict net_w)
{
	double *restrict window_j = b->window_j, mean, width_s = b->window.width_s;
	for (uint32_t i = 0; i < b->meters; i++)
		window_j[i] += (net_w[i] > 0 ? net_w[i] : 0) * part_s;
	bool whole = window_add(&b->window, local_s, part_s, 0, &mean);
	if (b->window.filled_s > 0) return;
	double middle_s = local_s + part_s - width_s / 2;
	for (size_t c = 0; whole && c < b->charges; c++)
		if (in_force(b, &b->charge[c], middle_s)) charge_demand(b, &b->charge[c]);
	for (uint32_t i = 0; i < b->meters; i++) window_j[i] = 0;
}

void bills_add(struct bills *b, double local_s, double dt_s, const double *net_w)
{
	assert(dt_s > 0);
	for (uint32_t i = 0; i < b->meters; i++) b->step_cost[i] = 0;
	double at_s = local_s, left_s = dt_s;
	while (left_s > 0) {
		turn_month(b, at_s);
		double part_s = fmin(left_s, b->month.end_s - at_s);
		if (b->charges) part_s = window_part_s(b->window.width_s, at_s, part_s);
		add_energy(b, part_s, tariff_mean(b->tariff, at_s, part_s), net_w);
		if (b->tiers) add_tiers(b, part_s, net_w);
		if (b->charges) add_demand(b, at_s, part_s, net_w);
		double of_month = part_s / (b->month.end_s - b->month.begin_s);
		b->fixed_cost += b->par->fixed_per_day * part_s / DAY_S;
		b->fixed_cost += b->par->fixed_per_month * of_month;
		at_s += part_s;
		left_s -= part_s;
	}
}

const double *bills_step_cost(const struct bills *b)
{
	return b->step_cost;
}

struct bill bills_of(const struct bills *b, uint32_t meter)
{
	struct bill due = { .import_cost = b->import_cost[meter],
		.export_income = b->export_income[meter], .fixed_cost = b->fixed_cost,
		.demand_cost = b->demand_cost[meter] };
	if (!b->owed) return due;
	double used = used_credit(b, meter);
	due.export_income += used;
	due.credit = b->credit[meter] - used;
	return due;
}

double bill_total(const struct bill *b)
{
	return b->import_cost + b->fixed_cost + b->demand_cost - b->export_income;
}

struct tariff_price bills_price(const struct bills *b, uint32_t meter, double local_s, double dt_s)
{
	struct tariff_price price = tariff_mean(b->tariff, local_s, dt_s);
	if (!b->tiers) return price;
	size_t k = 0;
	while (b->month_j[meter] >= b->tier[k].up_to_j) k++;
	price.import_per_j += b->tier[k].price_per_j;
	if (b->par->export_kind == EXPORT_NET_METERING)
		price.export_per_j += b->tier[k].price_per_j;
	return price;
}
