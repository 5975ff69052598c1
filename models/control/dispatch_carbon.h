/* Fill while the grid is clean, serve while it is dirty: a threshold, given or a quantile of
 * the intensities of the past (as the policies of OpenDC: F. Mastenbroek et al. 2021,
 * "OpenDC 2.0", Proc. CCGrid, 455-464).
 *
 * A joule served needs 1 / eta^2 joules filled, so that serving begins where eta^2 times the
 * intensity is above the threshold: between the two the battery takes surplus only. */
#ifndef HEARTH_MODELS_CONTROL_DISPATCH_CARBON_H
#define HEARTH_MODELS_CONTROL_DISPATCH_CARBON_H

#include <stddef.h>

enum carbon_act { CARBON_HOLD, CARBON_FILL, CARBON_SERVE };

struct carbon_rule {
	double threshold_kg_j; /* NAN: the quantile below */
	double quantile_frac;
	size_t hours;  /* of the window */
	double *past;  /* [hours]: the intensity of each, as a ring */
	double *sorted;
	size_t seen;   /* hours so far */
	long hour;     /* of UTC that was last seen */
	double limit_kg_j, now_kg_j; /* threshold and intensity of the step */
};

void carbon_rule_init(
    struct carbon_rule *r, double threshold_kg_j, double quantile_frac, double window_s);
void carbon_rule_fini(struct carbon_rule *r);

/* With that efficiency each way, after carbon_rule_step. */
static inline enum carbon_act carbon_act(const struct carbon_rule *r, double eff_frac)
{
	if (r->now_kg_j < r->limit_kg_j) return CARBON_FILL;
	return r->now_kg_j * eff_frac * eff_frac > r->limit_kg_j ? CARBON_SERVE : CARBON_HOLD;
}

/* hour_kg_j: the mean intensity of the hour of UTC that the step begins in; kg_j: of the step. */
void carbon_rule_step(struct carbon_rule *r, double utc_s, double hour_kg_j, double kg_j);

#endif
