#include "models/grid/feeder.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Unit phasors of the positive sequence: 1, a^2, a. */
static const double unit_re[3] = { 1, -0.5, -0.5 };
static const double unit_im[3] = { 0, -0.86602540378443864676, 0.86602540378443864676 };

static double nominal_v(const struct feeder *f)
{
	return f->par.v_ll_v / sqrt(3);
}

/* Voltages as without any load: where an iteration starts when nothing better is known. */
static void start_flat(struct feeder *f)
{
	double v = f->par.source_pu * nominal_v(f);
	for (uint32_t n = 0; n <= f->tree->lines; n++)
		for (int p = 0; p < 3; p++) {
			f->v[n].re[p] = v * unit_re[p];
			f->v[n].im[p] = v * unit_im[p];
		}
}

static void clear_currents(struct feeder *f)
{
	for (uint32_t t = 0; t < f->taps; t++) f->tap[t].i_re = f->tap[t].i_im = 0;
}

static void add_taps(struct feeder *f, uint32_t customer, const struct service *s)
{
	if (s->phases != PHASES_ABC) {
		f->tap[f->taps++] =
		    (struct tap){ s->node, customer, (uint8_t)(s->phases - PHASES_A), .share = 1 };
		return;
	}
	for (uint8_t p = 0; p < 3; p++)
		f->tap[f->taps++] = (struct tap){ s->node, customer, p, .share = 1.0 / 3 };
}

/* |z| = U^2 / S_k, split by x/r. */
static void set_source(struct feeder *f)
{
	if (isnan(f->par.fault_va)) return;
	double z_ohm = f->par.v_ll_v * f->par.v_ll_v / f->par.fault_va;
	f->source_r_ohm = z_ohm / sqrt(1 + f->par.fault_x_r * f->par.fault_x_r);
	f->source_x_ohm = f->source_r_ohm * f->par.fault_x_r;
}

struct feeder *feeder_build(const struct feeder_par *par, const struct transformer_par *transformer,
    struct tree *tree)
{
	struct feeder *f = mem_new(1, sizeof *f);
	size_t nodes = (size_t)tree->lines + 1, customers = tree->services;
	f->par = *par;
	f->tree = tree;
	f->customers = tree->services;
	f->v_pu = mem_new(customers, sizeof *f->v_pu);
	f->served_w = mem_new(customers, sizeof *f->served_w);
	f->line_pu = mem_new(tree->lines, sizeof *f->line_pu);
	f->unbalance2 = mem_new(nodes, sizeof *f->unbalance2);
	f->tap = mem_new(3 * customers, sizeof *f->tap);
	f->v = mem_new(nodes, sizeof *f->v);
	f->i = mem_new(nodes, sizeof *f->i);
	for (uint32_t c = 0; c < f->customers; c++) add_taps(f, c, &tree->service[c]);
	set_source(f);
	if (transformer) {
		f->has_transformer = true;
		f->transformer = transformer_resolve(transformer);
		transformer_series(&f->transformer, par->v_ll_v, &f->head_r_ohm, &f->head_x_ohm);
	}
	start_flat(f);
	return f;
}

struct feeder *feeder_new(const struct object *o, uint32_t customers)
{
	const struct feeder_par *par = o->par;
	const struct object *t = object_child(o, &transformer_class);
	return feeder_build(par, t ? t->par : NULL, street_tree(par->street, customers));
}

void feeder_free(struct feeder *f)
{
	if (!f) return;
	tree_free(f->tree);
	free(f->v_pu);
	free(f->served_w);
	free(f->line_pu);
	free(f->unbalance2);
	free(f->tap);
	free(f->v);
	free(f->i);
	free(f);
}

/* Currents of the customers at the present voltages, moved by `damping` (1: all
 * the way): I = conj(S / V) = conj(S) V / |V|^2 at constant power. Below the limit
 * V_l a load's is conj(S) V / V_l^2 and a generator's conj(S) V / (|V| V_l); both
 * go over without a jump. Returns the largest |change of V|^2 of a tap since the
 * last call: all other voltages follow from these. */
static double tap_currents(struct feeder *f, const double *p_w, const double *q_var, double damping)
{
	double low_v = f->par.v_low_pu * nominal_v(f), most = 0;
	for (uint32_t t = 0; t < f->taps; t++) {
		struct tap *tap = &f->tap[t];
		double p = p_w[tap->customer] * tap->share, q = q_var[tap->customer] * tap->share;
		double re = f->v[tap->node].re[tap->phase], im = f->v[tap->node].im[tap->phase];
		double v2 = re * re + im * im, by = v2;
		if (v2 < low_v * low_v)
			by = p >= 0 ? low_v * low_v : fmax(sqrt(v2), DBL_MIN) * low_v;
		double scale = 1 / by, dre = re - tap->v_re, dim = im - tap->v_im;
		double change = dre * dre + dim * dim;
		if (!(change <= most)) most = change; /* takes a NaN over, too */
		tap->v_re = re;
		tap->v_im = im;
		tap->i_re += damping * ((p * re + q * im) * scale - tap->i_re);
		tap->i_im += damping * ((p * im - q * re) * scale - tap->i_im);
	}
	return most;
}

/* Leaves to root: I_line = sum of what hangs behind it. */
static void sweep_backward(struct feeder *f)
{
	memset(f->i, 0, ((size_t)f->tree->lines + 1) * sizeof *f->i);
	for (uint32_t t = 0; t < f->taps; t++) {
		const struct tap *tap = &f->tap[t];
		f->i[tap->node].re[tap->phase] += tap->i_re;
		f->i[tap->node].im[tap->phase] += tap->i_im;
	}
	for (uint32_t n = f->tree->lines; n > 0; n--) {
		struct phasors *up = &f->i[f->tree->line[n - 1].from];
		for (int p = 0; p < 3; p++) {
			up->re[p] += f->i[n].re[p];
			up->im[p] += f->i[n].im[p];
		}
	}
}

/* V_to = V_from - z I - z_n (I_a + I_b + I_c). */
static inline void fall(const struct phasors *from, const struct phasors *i, double r, double x,
    double rn, double xn, struct phasors *to)
{
	double sum_re = i->re[0] + i->re[1] + i->re[2], sum_im = i->im[0] + i->im[1] + i->im[2];
	double neutral_re = rn * sum_re - xn * sum_im, neutral_im = rn * sum_im + xn * sum_re;
	for (int p = 0; p < 3; p++) {
		to->re[p] = from->re[p] - (r * i->re[p] - x * i->im[p] + neutral_re);
		to->im[p] = from->im[p] - (r * i->im[p] + x * i->re[p] + neutral_im);
	}
}

/* Root to leaves. The zero-sequence current does not pass the delta winding, so
 * the source sees I - I_0: z_n = -z / 3 there. */
static void sweep_forward(struct feeder *f)
{
	struct phasors source;
	double v = f->par.source_pu * nominal_v(f);
	for (int p = 0; p < 3; p++) {
		source.re[p] = v * unit_re[p];
		source.im[p] = v * unit_im[p];
	}
	double zero = f->has_transformer ? -1.0 / 3 : 0;
	double r = f->source_r_ohm, x = f->source_x_ohm;
	fall(&source, &f->i[0], r, x, zero * r, zero * x, &f->meter_v);
	fall(&f->meter_v, &f->i[0], f->head_r_ohm, f->head_x_ohm, 0, 0, &f->v[0]);
	for (uint32_t n = 1; n <= f->tree->lines; n++) {
		const struct line *l = &f->tree->line[n - 1];
		fall(&f->v[l->from], &f->i[n], l->r_ohm, l->x_ohm, l->rn_ohm, l->xn_ohm, &f->v[n]);
	}
}

/* One attempt: sweeps until the voltages stand still. */
static bool iterate(struct feeder *f, const double *p_w, const double *q_var, double damping,
    unsigned sweeps)
{
	double still_v = 1e-12 * damping * nominal_v(f);
	for (unsigned n = 0;; n++) {
		double change = tap_currents(f, p_w, q_var, damping);
		if (n > 0 && change <= still_v * still_v) return true;
		if (n == sweeps || !isfinite(change)) return false;
		sweep_backward(f);
		sweep_forward(f);
		f->iterations++;
	}
}

/* Plain sweeps converge wherever a usual feeder has an operating point; near the
 * nose of the power-voltage curve, or where the low-voltage law takes over, they
 * may swing, and damping of the currents brings them to rest. */
static bool solve(struct feeder *f, const double *p_w, const double *q_var)
{
	static const struct {
		double damping;
		unsigned sweeps;
	} attempts[] = { { 1, 100 }, { 0.5, 200 }, { 0.25, 400 }, { 0.125, 800 } };
	f->iterations = 0;
	for (size_t a = 0; a < sizeof attempts / sizeof *attempts; a++) {
		if (a > 0) {
			start_flat(f);
			clear_currents(f);
		}
		if (iterate(f, p_w, q_var, attempts[a].damping, attempts[a].sweeps)) return true;
	}
	return false;
}

/* No operating point: the feeder has tripped. Its transformer stays energised. */
static void trip(struct feeder *f)
{
	memset(f->v, 0, ((size_t)f->tree->lines + 1) * sizeof *f->v);
	memset(f->i, 0, ((size_t)f->tree->lines + 1) * sizeof *f->i);
	clear_currents(f);
	double v = f->par.source_pu * nominal_v(f);
	for (int p = 0; p < 3; p++) {
		f->meter_v.re[p] = v * unit_re[p];
		f->meter_v.im[p] = v * unit_im[p];
	}
}

/* What one tap gets, and what it misses when its voltage is below the limit.
 * Above it nothing is missing: the last bits of V I* - S are convergence. */
static double read_tap(struct feeder *f, uint32_t t, double wanted_w)
{
	const struct tap *tap = &f->tap[t];
	double re = f->v[tap->node].re[tap->phase], im = f->v[tap->node].im[tap->phase];
	double served_w = re * tap->i_re + im * tap->i_im;           /* Re(V I*) */
	double v_pu = sqrt(re * re + im * im) / nominal_v(f);
	if (v_pu < f->par.v_low_pu) {
		if (wanted_w >= 0) f->unserved_w += fmax(wanted_w - served_w, 0);
		else f->curtailed_w += fmax(served_w - wanted_w, 0);
	}
	f->served_w[tap->customer] += served_w;
	return v_pu;
}

static void read_customers(struct feeder *f, const double *p_w)
{
	f->delivered_w = f->collected_w = f->unserved_w = f->curtailed_w = 0;
	f->low = 0;
	memset(f->served_w, 0, f->customers * sizeof *f->served_w);
	for (uint32_t t = 0; t < f->taps;) { /* the taps of a customer stand side by side */
		uint32_t c = f->tap[t].customer;
		double lowest = INFINITY, farthest = 1;
		if (p_w[c] >= 0) f->delivered_w += p_w[c];
		else f->collected_w -= p_w[c];
		for (; t < f->taps && f->tap[t].customer == c; t++) {
			double v_pu = read_tap(f, t, p_w[c] * f->tap[t].share);
			lowest = fmin(lowest, v_pu);
			if (fabs(v_pu - 1) > fabs(farthest - 1)) farthest = v_pu;
		}
		f->v_pu[c] = farthest;
		f->low += lowest < f->par.v_low_pu;
	}
}

static void read_lines(struct feeder *f)
{
	f->line_loss_w = 0;
	for (uint32_t n = 1; n <= f->tree->lines; n++) {
		const struct line *l = &f->tree->line[n - 1];
		const struct phasors *i = &f->i[n];
		double sum_re = i->re[0] + i->re[1] + i->re[2];
		double sum_im = i->im[0] + i->im[1] + i->im[2];
		double neutral2 = sum_re * sum_re + sum_im * sum_im, phases2 = 0, most2 = neutral2;
		for (int p = 0; p < 3; p++) {
			double i2 = i->re[p] * i->re[p] + i->im[p] * i->im[p];
			phases2 += i2;
			if (i2 > most2) most2 = i2;
		}
		f->line_loss_w += l->r_ohm * phases2 + l->rn_ohm * neutral2;
		f->line_pu[n - 1] = sqrt(most2) / l->rating_a;
	}
}

static void read_head(struct feeder *f)
{
	double i2 = 0, v2 = 0, most2 = 0;
	f->source_w = f->source_var = 0;
	for (int p = 0; p < 3; p++) {
		double vr = f->meter_v.re[p], vi = f->meter_v.im[p];
		double ir = f->i[0].re[p], ii = f->i[0].im[p];
		f->source_w += vr * ir + vi * ii;          /* S = V I* */
		f->source_var += vi * ir - vr * ii;
		i2 += ir * ir + ii * ii;
		v2 += vr * vr + vi * vi;
		most2 = fmax(most2, ir * ir + ii * ii);
	}
	f->transformer_loss_w = 0;
	if (f->has_transformer) {
		double iron_w = f->transformer.no_load_w * v2 / (f->par.v_ll_v * f->par.v_ll_v);
		double rated_a = transformer_rated_a(&f->transformer, f->par.v_ll_v);
		f->transformer_loss_w = iron_w + f->head_r_ohm * i2;
		f->source_w += iron_w;
		f->winding_pu = sqrt(most2) / rated_a;
		f->winding_rms_pu = sqrt(i2 / 3) / rated_a;
	}
	f->source_va = hypot(f->source_w, f->source_var);
	f->transformer_pu = f->has_transformer ? f->source_va / f->transformer.rating_va : 0;
}

/* (|V2| / |V1|)^2 with 3 V1 = Va + a Vb + a^2 Vc and 3 V2 = Va + a^2 Vb + a Vc. */
static double unbalance2(const struct phasors *v)
{
	double half_re = v->re[0] - 0.5 * (v->re[1] + v->re[2]);
	double half_im = v->im[0] - 0.5 * (v->im[1] + v->im[2]);
	double turn_re = unit_im[2] * (v->im[2] - v->im[1]);
	double turn_im = unit_im[2] * (v->re[1] - v->re[2]);
	double one_re = half_re + turn_re, one_im = half_im + turn_im;
	double two_re = half_re - turn_re, two_im = half_im - turn_im;
	double one2 = one_re * one_re + one_im * one_im;
	return one2 > 0 ? (two_re * two_re + two_im * two_im) / one2 : 0;
}

static void read_unbalance(struct feeder *f)
{
	double most2 = 0;
	f->unbalance_node = 0;
	for (uint32_t n = 0; n <= f->tree->lines; n++) {
		if (n > 0 && f->tree->line[n - 1].drop) continue;
		double pu2 = f->unbalance2[n] = unbalance2(&f->v[n]);
		if (pu2 <= most2) continue;
		most2 = pu2;
		f->unbalance_node = n;
	}
	f->unbalance_pu = sqrt(most2);
}

/* Whether the powers balance as well as the sweep promises. Reactive power counts
 * in the scale: a customer's error is a part of its apparent power. */
static bool is_balanced(const struct feeder *f)
{
	double in_w = f->source_w + f->collected_w + f->unserved_w;
	double out_w = f->delivered_w + f->curtailed_w + f->line_loss_w + f->transformer_loss_w;
	double scale_va = fabs(f->source_w) + out_w, v_n = nominal_v(f);
	for (uint32_t t = 0; t < f->taps; t++)
		scale_va += (fabs(f->tap[t].i_re) + fabs(f->tap[t].i_im)) * v_n;
	return fabs(in_w - out_w) <= 1e-11 * scale_va;
}

bool feeder_solve(struct feeder *f, const double *p_w, const double *q_var)
{
	f->converged = solve(f, p_w, q_var);
	if (!f->converged) trip(f);
	read_customers(f, p_w);
	read_lines(f);
	read_head(f);
	read_unbalance(f);
	assert(is_balanced(f));
	f->solves++;
	f->sweeps += f->iterations;
	f->failures += !f->converged;
	f->low_solves += f->low > 0;
	if (!f->converged) start_flat(f);
	return f->converged;
}

double feeder_residual(const struct feeder *f)
{
	double in_w = fmax(f->source_w, 0) + f->collected_w + f->unserved_w;
	double out_w = fmax(-f->source_w, 0) + f->delivered_w + f->curtailed_w + f->line_loss_w +
	    f->transformer_loss_w;
	double throughput_w = fmax(in_w, out_w);
	return throughput_w > 0 ? fabs(in_w - out_w) / throughput_w : 0;
}

double feeder_node_v(const struct feeder *f, uint32_t node, int phase)
{
	return hypot(f->v[node].re[phase], f->v[node].im[phase]);
}

void feeder_book(const struct feeder *f, const struct step *step, struct ledger *l)
{
	ledger_meter(l, f->source_w * step->dt_s);
	ledger_add(l, LEDGER_COLLECTED, f->collected_w * step->dt_s);
	ledger_add(l, LEDGER_DELIVERED, f->delivered_w * step->dt_s);
	ledger_add(l, LEDGER_UNSERVED, f->unserved_w * step->dt_s);
	ledger_add(l, LEDGER_CURTAILED, f->curtailed_w * step->dt_s);
	ledger_add(l, LEDGER_LINE_LOSS, f->line_loss_w * step->dt_s);
	ledger_add(l, LEDGER_TRANSFORMER_LOSS, f->transformer_loss_w * step->dt_s);
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct feeder_par, name, "name", "feeder", "what reports call it"),
	ATTR_REF(struct feeder_par, street, "street", REQUIRED, "street",
	    "the street it supplies; customers hang at its service points in order"),
	ATTR_QTY(struct feeder_par, v_ll_v, "voltage", DIM_VOLTAGE, "400 V", 100, 1000,
	    "nominal voltage between two phases of the low side"),
	ATTR_QTY(struct feeder_par, source_pu, "source", DIM_NUMBER, "1", 0.8, 1.2,
	    "voltage of the source, in parts of the nominal (tap position included)"),
	ATTR_QTY(struct feeder_par, fault_va, "fault-level", DIM_APPARENT, OPTIONAL, 1e5, 1e11,
	    "three-phase short-circuit power of the source; stiff when absent"),
	ATTR_QTY(struct feeder_par, fault_x_r, "fault-x-r", DIM_NUMBER, "10", 0.01, 100,
	    "reactance by resistance of the source (10: IEC 60909-0, where nothing else is known)"),
	ATTR_QTY(struct feeder_par, v_low_pu, "low-voltage-limit", DIM_NUMBER, "0.8", 0.3, 0.95,
	    "below this part of the nominal voltage loads turn from constant power to impedance"),
	ATTR_END,
};

const struct class feeder_class = {
	.element = "feeder",
	.parents = "scenario",
	.about =
	    "The local grid: a medium-voltage source, a transformer and a street of cables that "
	    "the homes hang on.",
	.par_size = sizeof(struct feeder_par),
	.attrs = attrs,
	.max = 1,
};
