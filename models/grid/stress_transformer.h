/* What the transformers of a feeder went through: loading, temperatures and ageing. */
#ifndef HEARTH_MODELS_GRID_STRESS_TRANSFORMER_H
#define HEARTH_MODELS_GRID_STRESS_TRANSFORMER_H

#include "models/grid/feeder.h"
#include "models/grid/window.h"
#include "models/grid/worst.h"

/* One of them; the first step's load is taken to have been carried for long. */
struct stressed_unit {
	const struct transformer_par *par;
	struct transformer_state heat;
	struct window quarter; /* of its loading: 15 minutes */
	double pu_s;           /* loading over time */
};

struct stress_transformer {
	struct stressed_unit *unit;
	uint32_t units;
	bool settled;
	double time_s, over_s, over_j; /* over: sums over all units */
	struct worst loading;
	double demand_pu;      /* highest mean of a quarter of an hour; -INFINITY: none yet */
	double reverse_max_pu; /* highest loading while power flowed back */
};

void stress_transformer_init(struct stress_transformer *s, const struct feeder *f);
void stress_transformer_fini(struct stress_transformer *s);

/* Takes a step in, as stress_step does. Keeps in `excess` what exceeds its limit most. */
void stress_transformer_step(struct stress_transformer *s, const struct feeder *f,
    const struct step *step, double air_k, struct worst *excess);

/* Hottest hot spot, K: of the last step, and since the first. -INFINITY: no transformer. */
double stress_transformer_hot_k(const struct stress_transformer *s);
double stress_transformer_hottest_k(const struct stress_transformer *s);

/* Hours of life used per hour: the mean of all units, the worst unit's. */
struct ageing {
	double mean, worst;
};
struct ageing stress_transformer_iec(const struct stress_transformer *s);
struct ageing stress_transformer_ieee(const struct stress_transformer *s);

/* The highest rate of IEC 60076-7 at any time. */
double stress_transformer_iec_max(const struct stress_transformer *s);

/* Mean loading of all units over time. */
double stress_transformer_mean_pu(const struct stress_transformer *s);

#endif
