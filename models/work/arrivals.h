/* When synthetic requests come: point processes of a given mean rate.
 *
 *   poisson  independent exponential gaps
 *   gamma    independent gaps of a given coefficient of variation
 *   mmpp     a Markov-modulated Poisson process of two states: the rate jumps between
 *            a busy and a calm one; stays in either are exponential
 *
 * The last is given by figures that can be read off a trace (`hearth trace info`):
 * the mean rate, the index of dispersion of the counts in long windows (variance
 * over mean; 1 for Poisson), the time constant of the rate's autocorrelation, and
 * one of the gaps' coefficient of variation and the busy rate. With busy and calm
 * rates a and b, stays that end at rates u and v, s = u + v, m = (a v + b u)/s and
 * V = u v (a - b)^2/s^2, the variance of the rate:
 *
 *   IDC(t)  = 1 + 2V/(m s) (1 - (1 - exp(-s t))/(s t))     counts in windows of t
 *   CV^2    = 1 + 2V/(a b + m s)                           of the gaps
 *
 * (Heffes and Lucantoni 1986, "A Markov modulated characterization of packetized
 * voice and data traffic and related statistical multiplexer performance", IEEE
 * J. Sel. Areas Commun. 4(6), section III; Fischer and Meier-Hellstern 1993, "The
 * Markov-modulated Poisson process (MMPP) cookbook", Performance Evaluation 18).
 * IDC and s give V; (a - m)(m - b) = V with either a or a b gives both rates. */
#ifndef HEARTH_MODELS_WORK_ARRIVALS_H
#define HEARTH_MODELS_WORK_ARRIVALS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/rng.h"

/* The words of attribute `arrivals` are in this order. */
enum arrival_kind { ARRIVALS_POISSON, ARRIVALS_GAMMA, ARRIVALS_MMPP };
#define ARRIVAL_WORDS "poisson gamma mmpp"

struct arrivals_par {
	enum arrival_kind kind;
	double rate_hz;     /* mean, > 0 */
	double cv;          /* of the gaps, > 0; 1 for an mmpp: unknown */
	double idc;         /* mmpp: in long windows; NAN: unknown */
	double timescale_s; /* mmpp: 1/s above; NAN: unknown */
	double peak_hz;     /* mmpp: the busy rate; NAN: unknown */
};

/* Rates in the busy [0] and the calm [1] state, and at which each is left, 1/s. */
struct mmpp {
	double rate_hz[2], leave_hz[2];
};

/* The process with those figures. Where neither cv nor peak is known the states
 * last alike, or, when that would take a calm rate below zero, the calm state has
 * no requests; nor has it when the index is not known. False when there is no such
 * process or too few or too many figures; why[size] then says what to write. */
bool mmpp_fit(const struct arrivals_par *p, struct mmpp *m, char *why, size_t size);

double mmpp_mean_hz(const struct mmpp *m);
double mmpp_cv(const struct mmpp *m);                   /* of the gaps */
double mmpp_idc(const struct mmpp *m, double window_s); /* INFINITY: the limit */

struct arrivals;

/* Draws from stream g; an mmpp must have a fit. */
struct arrivals *arrivals_new(const struct arrivals_par *p, struct pcg64 g);
void arrivals_free(struct arrivals *a); /* takes NULL */

/* From one request (or time 0) to the next, s. */
double arrivals_gap_s(struct arrivals *a);

#endif
