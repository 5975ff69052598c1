#include "models/control/dispatch_price.h"

/* The first later quarter for which filling now pays; none: their number. */
static int first_dear(const double *import, double round_trip)
{
	int k = 1;
	while (k < PRICE_QUARTERS && import[0] >= round_trip * import[k]) k++;
	return k;
}

/* The first later quarter in which what serves now is bought back at a profit. */
static int first_refill(const double *import, double round_trip)
{
	int k = 1;
	while (k < PRICE_QUARTERS && import[k] >= round_trip * import[0]) k++;
	return k;
}

/* Of quarters before the dear one that are to be filled in before the present one. */
static double better_s(const double *import, int dear, bool has_sun)
{
	double sum_s = 0;
	for (int k = 1; k < dear; k++)
		if (import[k] < import[0] || (has_sun && import[k] == import[0]))
			sum_s += PRICE_QUARTER_S;
	return sum_s;
}

static double useful_s(const double *import, double round_trip, int dear)
{
	double sum_s = 0;
	for (int k = dear; k < PRICE_QUARTERS && import[k] >= import[0]; k++)
		if (import[0] < round_trip * import[k]) sum_s += PRICE_QUARTER_S;
	return sum_s;
}

struct price_view price_view(
    const double *import, const double *export, double eff_frac, bool has_sun)
{
	double round_trip = eff_frac * eff_frac, highest = import[1];
	int dear = first_dear(import, round_trip), refill = first_refill(import, round_trip);
	bool is_flat = dear == PRICE_QUARTERS && refill == PRICE_QUARTERS;
	struct price_view v = {
		.fills = dear < refill,
		.cheaper_s = better_s(import, dear, has_sun),
		.useful_s = useful_s(import, round_trip, dear),
		.gap_s = dear < refill ? PRICE_STEP_MAX_S : 0,
	};
	for (int k = 1; k < PRICE_QUARTERS; k++) {
		if (import[k] > highest) highest = import[k];
		if (k < refill && import[k] > import[0]) v.dearer_s += PRICE_QUARTER_S;
	}
	if (is_flat) v.dearer_s = 0;
	v.takes = round_trip * highest > export[0];
	v.serves = refill < PRICE_QUARTERS || (is_flat && has_sun && v.takes);
	return v;
}
