/* Heat in a house: two nodes, the air and the mass of walls and furniture.
 *
 *     Ca dTa/dt = Qa + UA (To - Ta) + Hm (Tm - Ta)
 *     Cm dTm/dt = Qm + Hm (Ta - Tm)
 *
 * The equivalent thermal parameters of R. G. Pratt and Z. T. Taylor 1994, "Development
 * and testing of an equivalent thermal parameter model of commercial buildings from
 * time-series end-use data" (Pacific Northwest Laboratory), as the house of GridLAB-D
 * has them (D. P. Chassin, J. C. Fuller and N. Djilali 2014, "GridLAB-D: an agent-based
 * simulation framework for smart grids", Journal of Applied Mathematics, 492320).
 *
 * With inputs that are constant over a step the solution is exact, by the exponential
 * of the 2 x 2 matrix, which is computed once for a house and a step length. A step then
 * costs seven products, and two half steps are one whole step to rounding. */
#ifndef HEARTH_MODELS_ENERGY_ETP_H
#define HEARTH_MODELS_ENERGY_ETP_H

struct etp {
	double ua_w_k;         /* air to outdoors, > 0 */
	double hm_w_k;         /* air to mass, > 0 */
	double ca_j_k, cm_j_k; /* heat capacities of air and mass, > 0 */
};

struct etp_state {
	double air_k, mass_k;
};

/* What a step of one length does, in deviations from the outdoors:
 *
 *     air'  = aa air + am mass + raa Qa + ram Qm
 *     mass' = ma air + mm mass + ram Qa + rmm Qm
 *
 * (the response to heat is symmetric, as Ca am = Cm ma is: both nodes exchange what
 * one gives the other). Pure numbers and K/W. */
struct etp_step {
	double aa, am, ma, mm;
	double raa, ram, rmm;
};

/* dt_s >= 0. */
struct etp_step etp_step_make(const struct etp *p, double dt_s);

/* After the step: outdoor_k, heat into air and mass (air_w, mass_w) constant over it. */
static inline struct etp_state etp_after(const struct etp_step *s, struct etp_state x,
    double outdoor_k, double air_w, double mass_w)
{
	double a = x.air_k - outdoor_k, m = x.mass_k - outdoor_k;
	return (struct etp_state){
		.air_k = outdoor_k + (s->aa * a + s->am * m + s->raa * air_w + s->ram * mass_w),
		.mass_k = outdoor_k + (s->ma * a + s->mm * m + s->ram * air_w + s->rmm * mass_w),
	};
}

#endif
