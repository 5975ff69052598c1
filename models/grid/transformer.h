/* A distribution transformer: impedance, losses, temperatures and ageing.
 *
 * Losses are P0 (V / V_n)^2 + P_k (I_rms / I_r)^2, the second of which is
 * P0 + P_k (S / S_r)^2's load part for balanced load at nominal voltage. The
 * impedance is referred to the low-voltage side; the windings are delta on the
 * high side and star with earthed neutral on the low side (Dyn), so zero-sequence
 * current sees the transformer's own impedance and nothing behind it.
 *
 * Temperatures follow the difference equations of IEC 60076-7:2018, clause 8.2
 * (differential equation model), in their exponential form: for a load and an
 * ambient temperature that are constant over a step they are exact, whatever its
 * length. Ageing is integrated over each step by Simpson's rule on parts no
 * longer than half the winding's time constant. */
#ifndef HEARTH_MODELS_GRID_TRANSFORMER_H
#define HEARTH_MODELS_GRID_TRANSFORMER_H

#include <complex.h>
#include <stdbool.h>

#include "models/class.h"

enum paper { PAPER_ORDINARY, PAPER_UPGRADED };

/* As written; NAN stands for the default that the rating decides. */
struct transformer_par {
	const char *name;
	double rating_va;
	double no_load_w;     /* P0, at nominal voltage */
	double load_w;        /* P_k, at rated current and 75 degC */
	double impedance_pu;  /* u_k */
	double ambient_k;     /* NAN: outdoor air temperature */
	bool indoors;         /* in a building: the top oil runs 10 K hotter */
	int paper;            /* enum paper: insulation of the windings */
	/* Thermal constants, named as in IEC 60076-7. */
	double oil_rise_k;    /* top-oil rise over ambient at rated load */
	double gradient_k;    /* g: winding over oil, at rated load */
	double hot_spot;      /* H: hot-spot factor */
	double tau_oil_s, tau_winding_s;
	double k11, k21, k22;
	double oil_exponent, winding_exponent; /* x, y */
};

extern const struct class transformer_class;

/* Defaults of a <transformer>, without rating, losses and impedance: thermal constants of
 * distribution transformers (IEC 60076-7:2018, table of recommended values), upgraded paper,
 * outdoors. */
struct transformer_par transformer_distribution(void);

/* The parameters of a <transformer> with every default resolved. Losses: maxima
 * of Regulation (EU) 548/2014, annex I, table I.1, tier 2, liquid-immersed,
 * linear between its ratings as the regulation says (and proportional to the
 * rating outside them). Impedance: IEC 60076-5:2006, table 1. */
struct transformer_par transformer_resolve(const struct transformer_par *written);

/* Series impedance on the rating. */
double complex transformer_series_pu(const struct transformer_par *resolved);

struct transformer_state {
	double top_oil_k;            /* absolute */
	double gradient_fast_k;      /* hot spot over top oil: the winding's part ... */
	double gradient_slow_k;      /* ... and the oil's answer to it, subtracted */
	double hot_spot_k;           /* absolute, at the end of the last step */
	double hot_spot_max_k;       /* highest at the end of a part of a step */
	double aged_iec_s;           /* integral of transformer_ageing_iec */
	double aged_ieee_s;          /* integral of transformer_ageing_ieee */
};

/* In equilibrium with a load of k (pu of rated current) at that ambient. */
void transformer_settle(const struct transformer_par *p, double k, double ambient_k,
    struct transformer_state *s);

/* Goes on by dt_s. k_oil: root mean square current of the windings in pu, which
 * heats the oil; k_winding: current of the hottest one. They are equal for a
 * balanced load. */
void transformer_heat(const struct transformer_par *p, double k_oil, double k_winding,
    double ambient_k, double dt_s, struct transformer_state *s);

/* Relative rate of thermal ageing at a hot spot: IEC 60076-7:2018, clause 6.3,
 * eq. 2 (ordinary paper: doubles every 6 K, 1 at 98 degC) or eq. 3 (upgraded:
 * 1 at 110 degC). */
double transformer_ageing_iec(enum paper paper, double hot_spot_k);

/* F_AA of IEEE Std C57.91-2011, clause 5.2, eq. 2: thermally upgraded paper. */
double transformer_ageing_ieee(double hot_spot_k);

/* Normal insulation life behind "loss of life": IEEE Std C57.91-2011, table 2,
 * 180 000 h, from functional life tests of distribution transformers. */
#define TRANSFORMER_LIFE_S (180000.0 * 3600)

/* Hot spot that normal cyclic loading of a distribution transformer may reach:
 * IEC 60076-7, table of current and temperature limits. */
#define TRANSFORMER_HOT_SPOT_MAX_K (120 + 273.15)

#endif
