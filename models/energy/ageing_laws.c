/* Cells and their constants. Temperatures are in kelvin, times in days.
 *
 * The constants of all five are those of BLAST-Lite 1.1 (National Renewable Energy
 * Laboratory, 2023-2025), which publishes the fits of the papers named below. */
#include "models/energy/ageing_laws.h"

#include <math.h>

/* Where the fits of the pouch cells put their units of temperature and potential:
 * 35 degC, and graphite at half charge. */
static const double unit_k = 308.15, unit_v = 0.123;

/* Mean over the day of values at its points, by the trapezium rule. */
struct mean {
	double sum;
};

static void mean_add(struct mean *m, const struct ageing_day *d, size_t i, double value)
{
	m->sum += i == 0 || i == d->n - 1 ? 0.5 * value : value;
}

static double mean_of(const struct mean *m, const struct ageing_day *d)
{
	return m->sum / (double)(d->n - 1);
}

static struct ageing_curve power(double k, double p, double dx)
{
	return (struct ageing_curve){ .k = k, .p = p, .dx = dx };
}

/* P. Gasper et al. 2023, "Degradation and modeling of large-format commercial
 * lithium-ion cells as a function of chemistry, design, and aging conditions", J.
 * Energy Storage 73, 109042: the prismatic iron-phosphate cell. Tested at 10 to 45
 * degC, charged at no more than 0.65 C. */
static double lfp_250ah_calendar(const struct ageing_day *d)
{
	struct mean k = { 0 };
	for (size_t i = 0; i < d->n; i++)
		mean_add(&k, d, i, 8.37e4 * exp((-5210 - 3560 * d->anode_v[i]) / d->temp_k[i]));
	return mean_of(&k, d);
}

static const double lfp_250ah_calendar_p = 0.526;

void ageing_lfp_250ah(
    const struct ageing_day *d, double health_frac, struct ageing_curve curve[AGEING_STATES])
{
	struct mean warm = { 0 };
	for (size_t i = 0; i < d->n; i++)
		mean_add(&warm, d, i, exp(2190 / d->temp_k[i]) + exp(-1.55e5 / d->temp_k[i]));
	double duty = 4.38e-8 + 1.55e-8 * d->dod + 1.68e-7 * health_frac * d->c_per_h;
	curve[0] = power(lfp_250ah_calendar(d), lfp_250ah_calendar_p, d->days);
	curve[1] = power(duty * mean_of(&warm, d), 0.828, health_frac * d->efc);
}

static double normal_density(double x)
{
	return exp(-0.5 * x * x) / sqrt(2 * M_PI);
}

static double normal_share(double x)
{
	return 0.5 * erfc(-x / sqrt(2));
}

static double skew_normal(double x, double skew, double width)
{
	double u = (x - 0.5) / width;
	return 2 * normal_density(u) * normal_share(skew * u);
}

/* The loss of the first cycles, limited; only a very fast duty shows it. */
static struct ageing_curve lfp_3ah_break_in(const struct ageing_day *d, double efc)
{
	struct mean limit = { 0 };
	if (!(efc > 3 * d->days)) return (struct ageing_curve){ 0 };
	double deep = skew_normal(d->dod, -3.80744333129564, 1.1612626042821) *
		      tanh(25.4130804598602 * d->dod / 2);
	for (size_t i = 0; i < d->n; i++)
		mean_add(&limit, d, i,
		    0.582258029148225 *
			skew_normal(d->soc[i], 0.0583128906965484, 0.208738181522897) * deep);
	return (struct ageing_curve){ .limit = mean_of(&limit, d),
		.k = 0.00303553871631028,
		.p = 1.43752162947637,
		.dx = efc };
}

/* Measured by M. Naumann et al. 2018, J. Energy Storage 17, 153-169 (calendar), and
 * 2020, J. Power Sources 451, 227666 (cycles); law: Gasper et al. 2022 (ageing.h).
 * Cycled at 25 and 40 degC only: no loss of cold charging, and none of temperature
 * in the cycles' part. */
void ageing_lfp_3ah(
    const struct ageing_day *d, double health_frac, struct ageing_curve curve[AGEING_STATES])
{
	struct mean limit = { 0 }, bend = { 0 };
	for (size_t i = 0; i < d->n; i++) {
		double t = d->temp_k[i], v = d->anode_v[i];
		double root2 = sqrt(v), root3 = cbrt(v), root4 = sqrt(root2);
		mean_add(&limit, d, i,
		    0.98968715129359 * exp((-2881067.56019324 / t + 8742.06309157261) * root2 / t));
		mean_add(&bend, d, i,
		    0.000332850281062177 *
			exp((734553185711.369 / t - 3284991315.45121) * root3 / (t * t * t) +
			    (-2.8216157562078e-6 * t + 0.0012722759365729) * root4 * t * t));
	}
	double c_per_h = health_frac * d->c_per_h, efc = health_frac * d->efc;
	double cycles =
	    fabs(-6.81260579372875e-6 + 2.59615973160844e-5 * d->dod +
		 2.11559710307295e-6 * exp(d->dod * d->dod * c_per_h * c_per_h * c_per_h));
	const double p = 1.12847759334355;
	curve[0] = (struct ageing_curve){ .limit = mean_of(&limit, d),
		.k = 0.000130510034211874,
		.p = mean_of(&bend, d),
		.dx = d->days };
	curve[1] = power(pow(cycles, p), p, efc);
	curve[2] = lfp_3ah_break_in(d, efc);
}

/* Gasper et al. 2023 (as above), "NMC-Gr A". Time counts in 1000 days, charge in
 * 10 000 EFC. */
void ageing_nmc_75ah(
    const struct ageing_day *d, double health_frac, struct ageing_curve curve[AGEING_STATES])
{
	struct mean rest = { 0 }, cycle = { 0 };
	double c_per_h = health_frac * d->c_per_h;
	double root_dod = sqrt(d->dod), root_c = sqrt(c_per_h);
	for (size_t i = 0; i < d->n; i++) {
		double t = d->temp_k[i] / unit_k, v = d->anode_v[i] / unit_v;
		mean_add(&rest, d, i, 8.71e-7 * exp(10 * t * t * t / cbrt(v)));
		mean_add(&cycle, d, i,
		    fabs(0.0267 + 1.64 * t * t * t * root_dod +
			 0.011 * exp(c_per_h * c_per_h / sqrt(t)) -
			 0.44 * exp(root_dod * t * t * root_c)));
	}
	curve[0] = power(mean_of(&rest, d), 0.578, d->days / 1e3);
	curve[1] = power(mean_of(&cycle, d), 1.11, health_frac * d->efc / 1e4);
}

/* Gasper et al. 2023 (as above), "NMC-Gr B1". Time counts in 10 000 days, charge in
 * 100 000 EFC. */
void ageing_nmc_50ah(
    const struct ageing_day *d, double health_frac, struct ageing_curve curve[AGEING_STATES])
{
	struct mean rest = { 0 }, cycle = { 0 };
	double root_c = sqrt(health_frac * d->c_per_h);
	for (size_t i = 0; i < d->n; i++) {
		double t = d->temp_k[i] / unit_k, v = d->anode_v[i] / unit_v;
		mean_add(&rest, d, i, 36.2 * exp(-4.4 * cbrt(v) / (t * t * t)));
		mean_add(&cycle, d, i, 0.844 * pow(d->dod * d->dod * t * t * t * root_c, 0.458));
	}
	curve[0] = power(mean_of(&rest, d), 0.708, d->days / 1e4);
	curve[1] = power(mean_of(&cycle, d), 0.467, health_frac * d->efc / 1e5);
}

/* K. Smith et al. 2017, "Life prediction model for grid-connected Li-ion battery
 * energy storage system", American Control Conference, 4062-4068. Lost lithium by
 * time and by cycles; lost active material, in the third state, limits instead
 * where it is less. All cycles at 1 C: the rate is not in it. */
void ageing_nmc111_75ah(
    const struct ageing_day *d, double health_frac, struct ageing_curve curve[AGEING_STATES])
{
	struct mean rest = { 0 }, cycle = { 0 }, temp_c = { 0 };
	double soc = 0, deep = exp(1.04 * exp(d->dod * d->dod));
	for (size_t i = 0; i < d->n; i++) {
		double t = d->temp_k[i] / unit_k, v = d->anode_v[i] / unit_v;
		mean_add(&rest, d, i, 2.66e7 * exp((-17.8 - 5.21 * v) / t));
		mean_add(&cycle, d, i, 3.8e3 * exp(-18.4 / t) * deep);
		mean_add(&temp_c, d, i, d->temp_k[i] - 273.15);
		soc += d->soc[i] / (double)d->n;
	}
	double efc = health_frac * d->efc;
	/* falls as it gets colder, beyond the tests even below nothing: held at 1000 */
	double worn_efc = fmax(1e4 + 153 * (mean_of(&temp_c, d) - 55) * d->dod * (soc / 0.6), 1000);
	curve[0] = power(mean_of(&rest, d), 0.357, d->days);
	curve[1] = power(mean_of(&cycle, d), 0.778, efc);
	curve[2] = (struct ageing_curve){ .limit = 1, .k = 1 / worn_efc, .p = 10, .dx = efc };
}

/* Assumption, see ageing.h: the calendar of lfp-250ah before its factor, and 5 % at
 * 1000 EFC by a square root and in proportion. */
void ageing_solid(
    const struct ageing_day *d, double health_frac, struct ageing_curve curve[AGEING_STATES])
{
	double efc = health_frac * d->efc;
	curve[0] = power(lfp_250ah_calendar(d), lfp_250ah_calendar_p, d->days);
	curve[1] = power(0.05 / sqrt(1000), 0.5, efc);
	curve[2] = power(0.05 / 1000, 1, efc);
}
