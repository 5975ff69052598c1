#include "models/grid/interruption.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { SAIFI, SAIDI, CAIDI, ASAI, MAIFI, METRICS };

const struct metric interruption_metrics[] = {
	[SAIFI] = { "grid.saifi", "1", "sustained interruptions per customer during the run",
	    "sum N_i / N_T", "IEEE Std 1366-2012, eq. 1 (recalled); not scaled to a year",
	    LOWER_IS_BETTER },
	[SAIDI] = { "grid.saidi_min", "min", "sustained interruption per customer during the run",
	    "sum r_i N_i / N_T", "IEEE Std 1366-2012, eq. 2 (recalled); not scaled to a year",
	    LOWER_IS_BETTER },
	[CAIDI] = { "grid.caidi_min", "min", "mean time to restore a sustained interruption",
	    "SAIDI / SAIFI", "IEEE Std 1366-2012, eq. 3 (recalled)", LOWER_IS_BETTER },
	[ASAI] = { "grid.asai_pu", "1", "share of the customers' time that they were supplied",
	    "1 - SAIDI / duration of the run", "IEEE Std 1366-2012, eq. 6 (recalled)",
	    HIGHER_IS_BETTER },
	[MAIFI] = { "grid.maifi", "1", "interruptions of at most five minutes per customer",
	    "sum of momentary interruptions / N_T", "IEEE Std 1366-2012, eq. 10 (recalled)",
	    LOWER_IS_BETTER },
	[METRICS] = { 0 },
};

void interruptions_init(struct interruptions *x, uint32_t customers)
{
	*x = (struct interruptions){ .customers = customers };
	x->since_s = mem_new(customers, sizeof *x->since_s);
}

void interruptions_fini(struct interruptions *x)
{
	free(x->since_s);
}

static void close(struct interruptions *x, double lasted_s)
{
	if (lasted_s <= INTERRUPTION_MOMENTARY_S) {
		x->momentary++;
	} else {
		x->sustained++;
		x->sustained_s += lasted_s;
	}
}

void interruptions_add(struct interruptions *x, const double *v_pu, double dt_s)
{
	x->time_s += dt_s;
	for (uint32_t c = 0; c < x->customers; c++) {
		if (v_pu[c] == 0) {
			x->since_s[c] += dt_s;
		} else if (x->since_s[c] > 0) {
			close(x, x->since_s[c]);
			x->since_s[c] = 0;
		}
	}
}

void interruptions_export(const struct interruptions *x, struct dataset *d)
{
	struct interruptions all = *x; /* those that last are closed in the copy */
	for (uint32_t c = 0; c < x->customers; c++)
		if (x->since_s[c] > 0) close(&all, x->since_s[c]);
	double n = x->customers;
	double value[METRICS] = {
		[SAIFI] = (double)all.sustained / n,
		[SAIDI] = all.sustained_s / n / 60,
		[CAIDI] = all.sustained_s / (double)all.sustained / 60,
		[ASAI] = 1 - all.sustained_s / n / x->time_s,
		[MAIFI] = (double)all.momentary / n,
	};
	for (int id = 0; id < METRICS; id++) {
		if (!isfinite(value[id])) continue; /* none, or nobody */
		metric_put(d, interruption_metrics[id].key, NULL,
		    estimate_exact(value[id], (int64_t)x->customers));
	}
}
