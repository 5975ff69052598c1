/* What a feeder went through: running metrics over the steps of a run.
 *
 * Every metric is in physical units and named by the standard whose limit it
 * uses; there is no weighted index. One number sums up without weights: the
 * margin to the nearest limit, with the asset and the time that set it. Values
 * within a step are means over it, so short events are seen only with short
 * steps; the results file says which step was used. */
#ifndef HEARTH_MODELS_GRID_STRESS_H
#define HEARTH_MODELS_GRID_STRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"
#include "models/grid/feeder.h"
#include "models/grid/interruption.h"
#include "models/grid/quality.h"
#include "models/grid/stress_transformer.h"
#include "models/grid/window.h"
#include "models/grid/worst.h"
#include "models/metric.h"
#include "models/step.h"

/* Limits, in parts of the nominal voltage, recalled; those of EN 50160 are in
 * quality.h. The standard is about sustained voltages, here each step's mean is
 * judged. */
#define STRESS_ANSI_A_MIN 0.95     /* ANSI C84.1-2020, table 1: range A, service voltage */
#define STRESS_ANSI_A_MAX 1.05
#define STRESS_ANSI_B_MIN 0.917    /* the same, range B: 110 V and 127 V of 120 V */
#define STRESS_ANSI_B_MAX 1.058

enum { STRESS_WINDOWS = 3 }; /* means over 1, 15 and 60 minutes */

struct stress {
	double time_s;
	uint32_t customers;

	/* Voltage. */
	double ansi_a_s, ansi_b_s;   /* customer-seconds outside */
	double *ansi_a_since_s;      /* of each customer: how long it is outside; 0: inside */
	double ansi_a_longest_s;     /* the longest of these */
	uint32_t ansi_a_most;        /* most customers outside in one step */
	const struct stress_limits *limits; /* of the voltage, which the margin is to */
	double v_min_pu, v_max_pu, unbalance_max_pu;
	double lvur_max_pu;
	struct quality quality;
	struct interruptions interruptions;

	/* Loading. */
	struct stress_transformer transformer;
	struct worst line;
	double line_over_s;
	struct window hour;                     /* of the lines' loading */
	double *line_pu_s, line_hour_max_pu;    /* of each in it; the highest mean, -INFINITY: none */

	/* Feeder head. */
	struct window window[STRESS_WINDOWS];
	double peak_w[STRESS_WINDOWS], ramp_w_s[STRESS_WINDOWS]; /* -INFINITY: no window yet */
	double last_w[STRESS_WINDOWS];                           /* NAN: none */
	double energy_j, import_j, reverse_j, reverse_s, reverse_max_w;
	double delivered_j, curtailed_j;
	double unserved_j, unserved_low_j, unserved_tripped_j, unserved_out_j; /* all; and by cause */
	double line_loss_j, transformer_loss_j;
	double *customer_peak_w, peak_w_step; /* highest demand of each and of all, at the meters */

	/* Limits. */
	uint64_t steps, failures, low_steps;
	struct worst excess; /* (value - limit) / limit: the largest binds */
};

struct stress *stress_new(const struct feeder *f); /* the caller owns it */
void stress_free(struct stress *s);                /* takes NULL */

/* Takes a step of the feeder in, after feeder_solve with the same p_w. air_k is the
 * outdoor temperature, used where a transformer states none of its own. */
void stress_step(struct stress *s, const struct feeder *f, const double *p_w,
    const struct step *step, double air_k);

/* The margin to the nearest limit: the least (limit - value) / limit of all
 * assets and steps; below 0 a limit was broken. NAN before the first step. */
double stress_margin(const struct stress *s);

/* Writes the metrics below, except those that nothing was seen of (no transformer,
 * no whole window). The worst ones carry the attributes asset and time_s. */
void stress_export(const struct stress *s, struct dataset *d);

extern const struct metric grid_metrics[];

#endif
