#include "models/grid/transformer.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

/* Regulation (EU) 548/2014, annex I, table I.1: liquid-immersed, tier 2 (from
 * 1 July 2021): load loss class A_k, no-load loss A_o - 10 %. */
static const struct {
	double rating_va, load_w, no_load_w;
} ecodesign[] = {
	{ 25e3, 600, 63 },      { 50e3, 750, 81 },      { 100e3, 1250, 130 },
	{ 160e3, 1750, 189 },   { 250e3, 2350, 270 },   { 315e3, 2800, 324 },
	{ 400e3, 3250, 387 },   { 500e3, 3900, 459 },   { 630e3, 4600, 540 },
	{ 800e3, 6000, 585 },   { 1000e3, 7600, 693 },  { 1250e3, 9500, 855 },
	{ 1600e3, 12000, 1080 }, { 2000e3, 15000, 1305 }, { 2500e3, 18500, 1575 },
	{ 3150e3, 23000, 1980 },
};
enum { ECODESIGN_ROWS = sizeof ecodesign / sizeof *ecodesign };

static void ecodesign_losses(double rating_va, double *load_w, double *no_load_w)
{
	size_t i = 0;
	while (i < ECODESIGN_ROWS && ecodesign[i].rating_va < rating_va) i++;
	if (i == 0 || i == ECODESIGN_ROWS) { /* outside: as the nearest row, by size */
		size_t end = i ? ECODESIGN_ROWS - 1 : 0;
		double size = rating_va / ecodesign[end].rating_va;
		*load_w = size * ecodesign[end].load_w;
		*no_load_w = size * ecodesign[end].no_load_w;
		return;
	}
	double below = ecodesign[i - 1].rating_va;
	double part = (rating_va - below) / (ecodesign[i].rating_va - below);
	*load_w = ecodesign[i - 1].load_w + part * (ecodesign[i].load_w - ecodesign[i - 1].load_w);
	*no_load_w = ecodesign[i - 1].no_load_w +
	    part * (ecodesign[i].no_load_w - ecodesign[i - 1].no_load_w);
}

/* IEC 60076-5:2006, table 1: recognised minimum short-circuit impedances. */
static double usual_impedance_pu(double rating_va)
{
	return rating_va <= 630e3 ? 0.04 : rating_va <= 1250e3 ? 0.05 : 0.06;
}

/* As the attribute table below has them. */
struct transformer_par transformer_distribution(void)
{
	return (struct transformer_par){
		.rating_va = NAN, .no_load_w = NAN, .load_w = NAN, .impedance_pu = NAN,
		.ambient_k = NAN, .paper = PAPER_UPGRADED,
		.oil_rise_k = 60, .gradient_k = 23, .hot_spot = 1.2,
		.tau_oil_s = 180 * 60, .tau_winding_s = 4 * 60,
		.k11 = 1, .k21 = 1, .k22 = 2, .oil_exponent = 0.8, .winding_exponent = 1.6,
	};
}

struct transformer_par transformer_resolve(const struct transformer_par *written)
{
	struct transformer_par p = *written;
	double load_w, no_load_w;
	ecodesign_losses(p.rating_va, &load_w, &no_load_w);
	if (isnan(p.load_w)) p.load_w = load_w;
	if (isnan(p.no_load_w)) p.no_load_w = no_load_w;
	if (isnan(p.impedance_pu)) p.impedance_pu = usual_impedance_pu(p.rating_va);
	return p;
}

double complex transformer_series_pu(const struct transformer_par *p)
{
	double r_pu = p->load_w / p->rating_va; /* P_k = 3 I_r^2 R */
	return r_pu + I * sqrt(p->impedance_pu * p->impedance_pu - r_pu * r_pu);
}

/* What the temperatures tend to under a constant load. */
struct aim {
	double top_oil_k, fast_k, slow_k;
};

static struct aim aim_of(const struct transformer_par *p, double k_oil, double k_winding,
    double ambient_k)
{
	/* (1 + R K^2) / (1 + R) with R = P_k / P0 */
	double losses = (p->no_load_w + k_oil * k_oil * p->load_w) / (p->no_load_w + p->load_w);
	double surcharge_k = p->indoors ? 10 : 0;
	double gradient_k = p->hot_spot * p->gradient_k * pow(k_winding, p->winding_exponent);
	return (struct aim){
		.top_oil_k =
		    ambient_k + (p->oil_rise_k + surcharge_k) * pow(losses, p->oil_exponent),
		.fast_k = p->k21 * gradient_k,
		.slow_k = (p->k21 - 1) * gradient_k,
	};
}

static double hot_spot_k(const struct transformer_state *s)
{
	return s->top_oil_k + s->gradient_fast_k - s->gradient_slow_k;
}

void transformer_settle(const struct transformer_par *p, double k, double ambient_k,
    struct transformer_state *s)
{
	struct aim aim = aim_of(p, k, k, ambient_k);
	*s = (struct transformer_state){ aim.top_oil_k, aim.fast_k, aim.slow_k };
	s->hot_spot_k = s->hot_spot_max_k = hot_spot_k(s);
}

/* How much of the distance to the aim is left after a while. */
struct decay {
	double oil, fast, slow;
};

static struct decay decay_of(const struct transformer_par *p, double dt_s)
{
	return (struct decay){
		.oil = exp(-dt_s / (p->k11 * p->tau_oil_s)),
		.fast = exp(-dt_s / (p->k22 * p->tau_winding_s)),
		.slow = exp(-dt_s * p->k22 / p->tau_oil_s),
	};
}

static void approach(const struct aim *aim, const struct decay *left, struct transformer_state *s)
{
	s->top_oil_k = aim->top_oil_k + (s->top_oil_k - aim->top_oil_k) * left->oil;
	s->gradient_fast_k = aim->fast_k + (s->gradient_fast_k - aim->fast_k) * left->fast;
	s->gradient_slow_k = aim->slow_k + (s->gradient_slow_k - aim->slow_k) * left->slow;
	s->hot_spot_k = hot_spot_k(s);
	s->hot_spot_max_k = fmax(s->hot_spot_max_k, s->hot_spot_k);
}

void transformer_heat(const struct transformer_par *p, double k_oil, double k_winding,
    double ambient_k, double dt_s, struct transformer_state *s)
{
	assert(k_oil >= 0 && k_winding >= 0 && dt_s >= 0 && p->tau_winding_s > 0);
	struct aim aim = aim_of(p, k_oil, k_winding, ambient_k);
	double parts = fmax(1, ceil(dt_s / (p->tau_winding_s / 2)));
	double part_s = dt_s / parts;
	struct decay left = decay_of(p, part_s / 2);
	enum paper paper = (enum paper)p->paper;
	for (double n = 0; n < parts; n++) {
		double t0_k = s->hot_spot_k;
		approach(&aim, &left, s);
		double t1_k = s->hot_spot_k;
		approach(&aim, &left, s);
		double t2_k = s->hot_spot_k;
		s->aged_iec_s += part_s / 6 *              /* Simpson: (f0 + 4 f1 + f2) h / 6 */
		    (transformer_ageing_iec(paper, t0_k) + 4 * transformer_ageing_iec(paper, t1_k) +
		    transformer_ageing_iec(paper, t2_k));
		s->aged_ieee_s += part_s / 6 *
		    (transformer_ageing_ieee(t0_k) + 4 * transformer_ageing_ieee(t1_k) +
		    transformer_ageing_ieee(t2_k));
	}
}

/* Both standards write the Arrhenius form with 273, not 273.15. */
static double arrhenius(double hot_spot_k)
{
	return exp(15000.0 / 383 - 15000.0 / (hot_spot_k - 273.15 + 273));
}

double transformer_ageing_iec(enum paper paper, double hot_spot_k)
{
	if (paper == PAPER_UPGRADED) return arrhenius(hot_spot_k);
	return exp2((hot_spot_k - 273.15 - 98) / 6);
}

double transformer_ageing_ieee(double hot_spot_k)
{
	return arrhenius(hot_spot_k);
}

static void check_transformer(const struct object *o, struct err_list *e)
{
	struct transformer_par p = transformer_resolve(o->par);
	if (p.load_w / p.rating_va >= p.impedance_pu)
		err_at(e, object_attr_pos(o, "impedance"),
		    "transformer: a load loss of %g W is %.2g %% of the rating and needs "
		    "an impedance above that; it is %.2g %%",
		    p.load_w, 100 * p.load_w / p.rating_va, 100 * p.impedance_pu);
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct transformer_par, name, "name", "transformer", "what reports call it"),
	ATTR_QTY(struct transformer_par, rating_va, "rating", DIM_APPARENT, REQUIRED, 1e3, 100e6,
	    "rated apparent power"),
	ATTR_QTY(struct transformer_par, no_load_w, "no-load-loss", DIM_POWER, OPTIONAL, 0.1, 1e6,
	    "loss at nominal voltage without load; EU tier 2 maximum for the rating when absent"),
	ATTR_QTY(struct transformer_par, load_w, "load-loss", DIM_POWER, OPTIONAL, 0.1, 1e6,
	    "loss in the windings at rated current; EU tier 2 maximum for the rating when absent"),
	ATTR_QTY(struct transformer_par, impedance_pu, "impedance", DIM_FRACTION, OPTIONAL, 0.001,
	    0.3,
	    "short-circuit impedance; when absent 4 % up to 630 kVA, 5 % to 1250 kVA, else 6 %"),
	ATTR_QTY(struct transformer_par, ambient_k, "ambient", DIM_TEMPERATURE, OPTIONAL, 223.15,
	    343.15, "constant temperature of the air around it; the weather's when absent"),
	ATTR_BOOL(struct transformer_par, indoors, "indoors", "no",
	    "whether it stands in a building, where its oil runs 10 K hotter"),
	ATTR_ENUM(struct transformer_par, paper, "paper", "upgraded", "ordinary upgraded",
	    "insulation of the windings"),
	ATTR_QTY(struct transformer_par, oil_rise_k, "oil-rise", DIM_NUMBER, "60", 1, 120,
	    "top-oil rise over ambient at rated load, in kelvin (IEC 60076-2 limit)"),
	ATTR_QTY(struct transformer_par, gradient_k, "gradient", DIM_NUMBER, "23", 0, 100,
	    "winding over oil at rated load, in kelvin (g of IEC 60076-7)"),
	ATTR_QTY(struct transformer_par, hot_spot, "hot-spot-factor", DIM_NUMBER, "1.2", 1, 3,
	    "H of IEC 60076-7; default for distribution transformers"),
	ATTR_QTY(struct transformer_par, tau_oil_s, "oil-time", DIM_TIME, "180 min", 60, 86400,
	    "time constant of the oil"),
	ATTR_QTY(struct transformer_par, tau_winding_s, "winding-time", DIM_TIME, "4 min", 10, 7200,
	    "time constant of the windings"),
	ATTR_QTY(struct transformer_par, k11, "k11", DIM_NUMBER, "1", 0.1, 5,
	    "thermal constant k11 of IEC 60076-7"),
	ATTR_QTY(struct transformer_par, k21, "k21", DIM_NUMBER, "1", 1, 5,
	    "thermal constant k21 of IEC 60076-7"),
	ATTR_QTY(struct transformer_par, k22, "k22", DIM_NUMBER, "2", 0.1, 5,
	    "thermal constant k22 of IEC 60076-7"),
	ATTR_QTY(struct transformer_par, oil_exponent, "oil-exponent", DIM_NUMBER, "0.8", 0.1, 2,
	    "x of IEC 60076-7"),
	ATTR_QTY(struct transformer_par, winding_exponent, "winding-exponent", DIM_NUMBER, "1.6",
	    0.1, 3, "y of IEC 60076-7"),
	ATTR_END,
};

const struct class transformer_class = {
	.element = "transformer",
	.parents = "feeder",
	.about =
	    "A three-phase distribution transformer (Dyn), with the losses of its size and the "
	    "temperatures and ageing of IEC 60076-7.",
	.par_size = sizeof(struct transformer_par),
	.attrs = attrs,
	.max = 1,
	.check = check_transformer,
};
