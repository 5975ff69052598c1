#include "tests/unit.h"

#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_linalg.h>
#include <math.h>

#include "base/rng.h"
#include "tests/feeder_bed.h"

static const struct feeder_par stiff = {
	.name = "feeder", .v_ll_v = 400, .source_pu = 1.013, .fault_va = NAN, .fault_x_r = 7,
	.v_low_pu = 0.8,
};

static const struct transformer_par t160 = {
	.name = "T1", .rating_va = 160e3, .no_load_w = NAN, .load_w = NAN, .impedance_pu = NAN,
	.ambient_k = NAN, .oil_rise_k = 60, .gradient_k = 23, .hot_spot = 1.2, .tau_oil_s = 10800,
	.tau_winding_s = 240, .k11 = 1, .k21 = 1, .k22 = 2, .oil_exponent = 0.8,
	.winding_exponent = 1.6,
};

static void add_line(struct bed *b, uint32_t from, double r, double x, double rn, double xn)
{
	b->line[b->lines].from = from;
	b->line[b->lines].r_ohm = r;
	b->line[b->lines].x_ohm = x;
	b->line[b->lines].rn_ohm = rn;
	b->line[b->lines].xn_ohm = xn;
	b->line[b->lines++].rating_a = 123;
}

static void add_customer(struct bed *b, uint32_t node, enum phases phases)
{
	b->customer[b->customers].node = node;
	b->customer[b->customers++].phases = phases;
}

/* One line from the busbar, one customer at its end. */
static struct feeder *two_buses(const struct feeder_par *par, enum phases phases)
{
	struct bed b = { 0 };
	add_line(&b, 0, 0.31, 0.083, 0.47, 0.091);
	add_customer(&b, 1, phases);
	return bed_feeder(&b, par, NULL);
}

/* 17 lines in a tree with branches, 23 customers on all kinds of connection. */
static struct bed bush(void)
{
	static const uint32_t from[17] = { 0, 1, 2, 3, 4, 2, 6, 7, 3, 9, 0, 11, 12, 12, 14, 7, 16 };
	struct bed b = { 0 };
	for (int i = 0; i < 17; i++)
		add_line(&b, from[i], 0.011 + 0.003 * (i % 5), 0.004 + 0.0011 * (i % 3),
		    0.013 + 0.002 * (i % 4), 0.005 + 0.0007 * (i % 7));
	for (uint32_t c = 0; c < 23; c++)
		add_customer(&b, 1 + (5 * c) % 17, (enum phases)(PHASES_A + c % 4));
	return b;
}

static double v_at(const struct feeder *f, uint32_t node, int phase)
{
	return cabs(bed_v(f, node, phase));
}

/* |V| of E - z I with I = conj(S / V): the upper root of
 * V^4 + (2 (r P + x Q) - E^2) V^2 + |z|^2 |S|^2 = 0. */
static double two_bus_v(double e, double r, double x, double p, double q)
{
	double b = 2 * (r * p + x * q) - e * e, c = (r * r + x * x) * (p * p + q * q);
	return sqrt((-b + sqrt(b * b - 4 * c)) / 2);
}

Test(feeder, two_buses_follow_the_quadratic)
{
	double e = 1.013 * 400 / sqrt(3);
	double p[] = { 4730, -6130, 9300, 310 }, q[] = { 1290, -770, 2110, -4090 };
	for (int i = 0; i < 4; i++) {
		/* One phase: the current returns through the neutral. */
		struct feeder *f = two_buses(&stiff, PHASES_B);
		cr_assert(feeder_solve(f, &p[i], &q[i]));
		double v = two_bus_v(e, 0.31 + 0.47, 0.083 + 0.091, p[i], q[i]);
		cr_expect(epsilon_eq(dbl, v_at(f, 1, 1), v, 1e-9));
		double i2 = (p[i] * p[i] + q[i] * q[i]) / (v * v);
		cr_expect(epsilon_eq(dbl, f->sums.line_loss_w, (0.31 + 0.47) * i2, 1e-8));
		cr_expect(epsilon_eq(dbl, f->at.line_pu[0], sqrt(i2) / 123, 1e-12));
		cr_expect(epsilon_eq(dbl, f->sums.meter_w, p[i] + (0.31 + 0.47) * i2, 1e-7));
		cr_expect(epsilon_eq(dbl, f->sums.meter_var, q[i] + (0.083 + 0.091) * i2, 1e-7));
		feeder_free(f);
		/* Three phases: the neutral carries nothing. */
		f = two_buses(&stiff, PHASES_ABC);
		cr_assert(feeder_solve(f, &p[i], &q[i]));
		v = two_bus_v(e, 0.31, 0.083, p[i] / 3, q[i] / 3);
		for (int phase = 0; phase < 3; phase++)
			cr_expect(epsilon_eq(dbl, v_at(f, 1, phase), v, 1e-9));
		cr_expect(lt(dbl, f->unbalance_pu, 1e-13));
		feeder_free(f);
	}
}

Test(feeder, transformer_and_source_stand_in_series)
{
	struct feeder_par par = stiff;
	par.fault_va = 41e6;
	struct bed b = { 0 };
	add_line(&b, 0, 0.021, 0.0083, 0.047, 0.0091);
	add_customer(&b, 1, PHASES_ABC);
	struct feeder *f = bed_feeder(&b, &par, &t160);
	double p = 77100, q = 23300;
	cr_assert(feeder_solve(f, &p, &q));
	/* By hand, in ohm at 400 V: source 400^2 / 41 MVA with x/r = 7; transformer 4 % of
	 * 400^2 / 160 kVA with 1750 W (EU tier 2), 189 W without load. */
	double zs = 160000 / 41e6, rs = zs / sqrt(50), xs = 7 * rs;
	double rt = 1750.0 / 160e3, xt = sqrt(0.0016 - rt * rt);
	/* The core draws behind the source's impedance: Thevenin's equivalent of both. */
	double core_s = 189.0 / 160000;
	double complex divider = 1 / (1 + (rs + I * xs) * core_s);
	double e = 1.013 * 400 / sqrt(3) * cabs(divider);
	double complex z = (rs + I * xs) * divider;
	rs = creal(z);
	xs = cimag(z);
	double v = two_bus_v(e, rs + rt + 0.021, xs + xt + 0.0083, p / 3, q / 3);
	cr_expect(epsilon_eq(dbl, v_at(f, 1, 2), v, 1e-9));
	double i2 = (p * p + q * q) / (9 * v * v);
	cr_expect(epsilon_eq(dbl, f->sums.line_loss_w, 3 * 0.021 * i2, 1e-8));
	double v_meter2 = pow(e, 2) - 2 * (rs * (p / 3 + (rt + 0.021) * i2) +
	    xs * (q / 3 + (xt + 0.0083) * i2)) - (rs * rs + xs * xs) * i2;
	/* With E and z_s of the equivalent, E^2 = |V_m + z_s I|^2 = V_m^2 + 2 (r_s P_m + x_s Q_m) + |z_s|^2 |I|^2, P_m per phase. */
	cr_expect(epsilon_eq(dbl, f->sums.transformer_loss_w,
	    3 * rt * i2 + 189 * v_meter2 * 3 / 160000, 1e-7));
	double rated_a = 160e3 / (sqrt(3) * 400);
	cr_expect(epsilon_eq(dbl, f->at.transformer[0].winding_pu, sqrt(i2) / rated_a, 1e-12));
	cr_expect(epsilon_eq(dbl, f->at.transformer[0].winding_rms_pu, f->at.transformer[0].winding_pu, 1e-12));
	cr_expect(epsilon_eq(dbl, f->transformer_pu,
	    hypot(f->sums.meter_w, f->sums.meter_var) / 160e3, 1e-12));
	feeder_free(f);
}

/* The same network as nodes of four wires, phases and neutral, solved by Gaussian
 * elimination on the admittance matrix; loads are currents from phase to neutral. */
struct four_wires {
	size_t n; /* 4 conductors of every node but the busbar */
	gsl_matrix_complex *y;
	gsl_vector_complex *v, *i, *from_busbar;
	gsl_permutation *perm;
};

static void stamp(struct four_wires *a, size_t row, size_t col, gsl_complex y)
{
	gsl_complex *at = gsl_matrix_complex_ptr(a->y, row, col);
	*at = gsl_complex_add(*at, y);
}

static void stamp_line(struct four_wires *a, const struct bed *b, uint32_t to, const gsl_complex e[4])
{
	for (size_t k = 0; k < 4; k++) {
		gsl_complex z = k < 3 ? gsl_complex_rect(b->line[to - 1].r_ohm, b->line[to - 1].x_ohm) :
		    gsl_complex_rect(b->line[to - 1].rn_ohm, b->line[to - 1].xn_ohm);
		gsl_complex y = gsl_complex_inverse(z);
		size_t t = 4 * (to - 1) + k;
		stamp(a, t, t, y);
		if (b->line[to - 1].from == 0) {
			gsl_complex *in = gsl_vector_complex_ptr(a->from_busbar, t);
			*in = gsl_complex_add(*in, gsl_complex_mul(y, e[k]));
			continue;
		}
		size_t s = 4 * (b->line[to - 1].from - 1) + k;
		stamp(a, s, s, y);
		stamp(a, s, t, gsl_complex_negative(y));
		stamp(a, t, s, gsl_complex_negative(y));
	}
}

static void wires_init(struct four_wires *a, const struct bed *b, double e)
{
	a->n = 4 * (size_t)b->lines;
	a->y = gsl_matrix_complex_calloc(a->n, a->n);
	a->v = gsl_vector_complex_calloc(a->n);
	a->i = gsl_vector_complex_calloc(a->n);
	a->from_busbar = gsl_vector_complex_calloc(a->n);
	a->perm = gsl_permutation_alloc(a->n);
	gsl_complex source[4] = { gsl_complex_polar(e, 0), gsl_complex_polar(e, -2 * M_PI / 3),
		gsl_complex_polar(e, 2 * M_PI / 3), gsl_complex_rect(0, 0) };
	for (uint32_t n = 1; n <= b->lines; n++) {
		stamp_line(a, b, n, source);
		for (size_t k = 0; k < 3; k++)
			gsl_vector_complex_set(a->v, 4 * (n - 1) + k, source[k]);
	}
	int sign;
	gsl_linalg_complex_LU_decomp(a->y, a->perm, &sign);
}

static gsl_complex to_neutral(const struct four_wires *a, uint32_t node, size_t phase)
{
	return gsl_complex_sub(gsl_vector_complex_get(a->v, 4 * (node - 1) + phase),
	    gsl_vector_complex_get(a->v, 4 * (node - 1) + 3));
}

static void wires_draw(struct four_wires *a, uint32_t node, size_t phase, double p, double q)
{
	gsl_complex i = gsl_complex_conjugate(
	    gsl_complex_div(gsl_complex_rect(p, q), to_neutral(a, node, phase)));
	gsl_complex *out = gsl_vector_complex_ptr(a->i, 4 * (node - 1) + phase);
	gsl_complex *back = gsl_vector_complex_ptr(a->i, 4 * (node - 1) + 3);
	*out = gsl_complex_sub(*out, i);
	*back = gsl_complex_add(*back, i);
}

static void wires_solve(struct four_wires *a, const struct bed *b, const double *p, const double *q)
{
	for (int k = 0; k < 60; k++) {
		gsl_vector_complex_memcpy(a->i, a->from_busbar);
		for (uint32_t c = 0; c < b->customers; c++) {
			enum phases at = b->customer[c].phases;
			if (at != PHASES_ABC) {
				wires_draw(a, b->customer[c].node, at - PHASES_A, p[c], q[c]);
				continue;
			}
			for (size_t ph = 0; ph < 3; ph++)
				wires_draw(a, b->customer[c].node, ph, p[c] / 3, q[c] / 3);
		}
		gsl_linalg_complex_LU_solve(a->y, a->perm, a->i, a->v);
	}
}

static void wires_fini(struct four_wires *a)
{
	gsl_matrix_complex_free(a->y);
	gsl_vector_complex_free(a->v);
	gsl_vector_complex_free(a->i);
	gsl_vector_complex_free(a->from_busbar);
	gsl_permutation_free(a->perm);
}

Test(feeder, agrees_with_gaussian_elimination_on_four_wires)
{
	struct bed b = bush();
	struct feeder *f = bed_feeder(&b, &stiff, NULL);
	double p[23], q[23];
	for (int c = 0; c < 23; c++) {
		p[c] = 13100 * sin(1 + 2.7 * c) + 5900; /* some give back */
		q[c] = 2870 * cos(2.3 * c);
	}
	cr_assert(feeder_solve(f, p, q));
	struct four_wires a;
	wires_init(&a, &b, 1.013 * 400 / sqrt(3));
	wires_solve(&a, &b, p, q);
	double worst_v = 0, lowest_v = 1e9;
	for (uint32_t n = 1; n <= b.lines; n++)
		for (int k = 0; k < 3; k++) {
			gsl_complex v = to_neutral(&a, n, (size_t)k);
			worst_v = fmax(worst_v,
			    cabs(bed_v(f, n, k) - GSL_REAL(v) - I * GSL_IMAG(v)));
			lowest_v = fmin(lowest_v, gsl_complex_abs(v));
		}
	cr_expect(lt(dbl, worst_v, 1e-9), "worst %g V", worst_v);
	cr_expect(lt(dbl, lowest_v, 225), "the case is not loaded: %g V", lowest_v);
	wires_fini(&a);
	feeder_free(f);
}

Test(feeder, unbalance_is_negative_over_positive_sequence)
{
	struct feeder *f = two_buses(&stiff, PHASES_A);
	double p = 5300, q = 0;
	cr_assert(feeder_solve(f, &p, &q));
	/* Phase a alone moves, by -z I - z_n I, b and c by -z_n I: V2 = -z I / 3 and
	 * V1 = E - z I / 3 (the neutral's part is zero sequence). */
	double complex i = conj(p / bed_v(f, 1, 0));
	double ir = creal(i), ii = cimag(i);
	double fall_re = (0.31 * ir - 0.083 * ii) / 3, fall_im = (0.31 * ii + 0.083 * ir) / 3;
	double e = 1.013 * 400 / sqrt(3);
	cr_expect(epsilon_eq(dbl, f->unbalance_pu,
	    hypot(fall_re, fall_im) / hypot(e - fall_re, fall_im), 1e-12));
	cr_expect_str_eq(f->place_name[f->unbalance_place], "node 1");
	cr_expect(eq(dbl, sqrt(f->at.unbalance2[1]), f->unbalance_pu));
	cr_expect(lt(dbl, f->at.unbalance2[0], 1e-26), "the source is stiff");
	feeder_free(f);
}

Test(feeder, starts_from_the_last_solution)
{
	struct bed b = bush();
	struct feeder *f = bed_feeder(&b, &stiff, &t160);
	double p[23], q[23], v[23];
	for (int c = 0; c < 23; c++) p[c] = 700 + 97 * c, q[c] = 130 + 11 * c;
	cr_assert(feeder_solve(f, p, q));
	cr_expect(gt(uint, f->circuit[0]->iterations, 4));
	for (int c = 0; c < 23; c++) v[c] = f->at.v_pu[c];
	cr_assert(feeder_solve(f, p, q));
	cr_expect(le(uint, f->circuit[0]->iterations, 2));
	for (int c = 0; c < 23; c++) cr_expect(epsilon_eq(dbl, f->at.v_pu[c], v[c], 1e-12));
	cr_expect(eq(u64, f->solves, 2));
	cr_expect(eq(u64, f->failures, 0));
	feeder_free(f);
}

/* Random loads from deep reverse flow to far below the voltage limit. */
Test(feeder, books_close_whatever_the_loads)
{
	struct feeder_par par = stiff;
	par.fault_va = 33e6;
	struct bed b = bush();
	struct feeder *f = bed_feeder(&b, &par, &t160);
	struct pcg64 g = rng_stream(7, 0, rng_entity("bush"), RNG_TEST);
	struct ledger whole = { 0 };
	double p[23], q[23], worst = 0;
	int low = 0, reverse = 0;
	for (int k = 0; k < 997; k++) {
		double size = 100 * pow(10, 2.9 * pcg64_unit(&g)), shift = 2 * pcg64_unit(&g) - 1;
		for (int c = 0; c < 23; c++) {
			p[c] = size * (2 * pcg64_unit(&g) - 1 + shift);
			q[c] = 0.3 * size * (2 * pcg64_unit(&g) - 1);
		}
		feeder_solve(f, p, q);
		struct ledger l = { 0 };
		feeder_book(f, &(struct step){ .dt_s = 37 }, &l);
		worst = fmax(worst, ledger_residual(&l));
		ledger_sum(&whole, &l);
		low += f->sums.low > 0;
		reverse += f->sums.meter_w < 0;
	}
	cr_expect(lt(dbl, worst, 1e-10), "worst residual %g", worst);
	cr_expect(lt(dbl, ledger_residual(&whole), 1e-11));
	cr_expect(gt(int, low, 50), "the loads never reached the limit: %d", low);
	cr_expect(gt(int, reverse, 200), "%d", reverse);
	cr_expect(eq(u64, f->failures, 0));
	feeder_free(f);
}

Test(feeder, low_load_becomes_an_impedance)
{
	struct feeder *f = two_buses(&stiff, PHASES_C);
	double p = 31700, q = 4100; /* above what the line can carry at all */
	cr_assert(feeder_solve(f, &p, &q));
	/* Voltage divider: Z = V_l^2 / conj(S) behind z + z_n. */
	double low2 = pow(0.8 * 400 / sqrt(3), 2), s2 = p * p + q * q;
	double zr = low2 * p / s2, zx = low2 * q / s2, e = 1.013 * 400 / sqrt(3);
	double v = e * hypot(zr, zx) / hypot(zr + 0.78, zx + 0.174);
	cr_expect(epsilon_eq(dbl, v_at(f, 1, 2), v, 1e-9));
	double served_w = p * v * v / low2;
	cr_expect(epsilon_eq(dbl, f->at.served_w[0], served_w, 1e-6));
	cr_expect(epsilon_eq(dbl, f->sums.unserved_w, p - served_w, 1e-6));
	cr_expect(eq(u32, f->sums.low, 1));
	cr_expect(eq(u64, f->low_solves, 1));
	cr_expect(lt(dbl, feeder_residual(f), 1e-11));
	feeder_free(f);
}

Test(feeder, low_generator_holds_its_current)
{
	struct feeder *f = two_buses(&stiff, PHASES_ABC);
	double p = -41900, q = 233e3; /* its reactive power pulls the voltage down */
	cr_assert(feeder_solve(f, &p, &q));
	cr_expect(lt(dbl, f->at.v_pu[0], 0.8));
	double a = hypot(p, q) / 3 / (0.8 * 400 / sqrt(3)); /* |S| / V_l in each phase */
	cr_expect(epsilon_eq(dbl, f->at.line_pu[0], a / 123, 1e-10));
	cr_expect(epsilon_eq(dbl, f->at.served_w[0], p * f->at.v_pu[0] / 0.8, 1e-6));
	cr_expect(epsilon_eq(dbl, f->sums.curtailed_w, f->at.served_w[0] - p, 1e-9));
	feeder_free(f);
}

/* |V| e^jt = E + z I e^jt needs |x I| <= E: no such angle for this generator. */
Test(feeder, no_operating_point_trips_and_is_counted)
{
	struct bed b = { 0 };
	add_line(&b, 0, 0.0013, 0.79, 0.0017, 0.83);
	add_customer(&b, 1, PHASES_A);
	add_customer(&b, 1, PHASES_B);
	struct feeder *f = bed_feeder(&b, &stiff, &t160);
	double p[] = { -317e3, 1900 }, q[] = { 0, 0 };
	cr_expect_not(feeder_solve(f, p, q));
	cr_expect(eq(u64, f->failures, 1));
	cr_expect(eq(dbl, f->at.v_pu[1], 0));
	cr_expect(eq(dbl, f->sums.unserved_w, 1900));
	cr_expect(eq(dbl, f->sums.curtailed_w, 317e3));
	/* Only the core is fed: 189 W at 1.013 of the nominal voltage. */
	cr_expect(epsilon_eq(dbl, f->sums.meter_w, 189 * 1.013 * 1.013, 1e-9));
	cr_expect(lt(dbl, feeder_residual(f), 1e-11));
	p[0] = -3170; /* and it comes back */
	cr_expect(feeder_solve(f, p, q));
	cr_expect(eq(u64, f->failures, 1));
	feeder_free(f);
}
