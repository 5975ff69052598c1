/* Leaky integrate-and-fire neurons, updated together.
 *
 * Between spikes the membrane follows, with R I in volts,
 *     tau_m dv/dt = rest - v + I0 + I1        (LIF_EXP)
 *     tau_s dI/dt = -I, for each of two receptors
 * whose solution over a step is exact (Rotter and Diesmann 1999, Biological Cybernetics
 * 81, 381-402), or
 *     tau_m dv/dt = rest - v, then v += input + bias        (LIF_DELTA)
 * where what arrived in the last step is added at once; with tau_m INFINITY that is the
 * integrator of networks converted from rate units. A neuron whose v then exceeds the
 * threshold fires; its next update is `refractory_steps` steps later, and until then v is
 * held: what arrives by LIF_DELTA in that time is lost.
 *
 * Doubles: networks are chaotic, and in doubles one run is the same, spike by spike,
 * however its sums are ordered between steps. */
#ifndef HEARTH_BENCH_SPIKING_LIF_H
#define HEARTH_BENCH_SPIKING_LIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lif_kind { LIF_DELTA, LIF_EXP };
enum { LIF_RECEPTORS = 2 };

struct lif_par {
	enum lif_kind kind;
	double tau_m_s;                /* INFINITY: no leak (LIF_DELTA only) */
	double tau_s[LIF_RECEPTORS];   /* of the receptors' currents (LIF_EXP) */
	double rest_v, threshold_v, reset_v; /* reset below threshold */
	bool subtracts;                /* a spike takes threshold - reset away: no charge is lost */
	int refractory_steps;          /* between a spike and the next update; 0 and 1: none held */
};

/* What a step of dt_s makes of them: v' = base + decay v + gain I. */
struct lif {
	struct lif_par par;
	double base_v, decay, gain[LIF_RECEPTORS], fade[LIF_RECEPTORS];
};
struct lif lif_make(const struct lif_par *p, double dt_s);

enum { LIF_BLOCK = 64 }; /* neurons are updated in blocks, threads own whole ones */

struct lif_bank {
	size_t n, room; /* room: n in whole blocks; what is beyond n never fires */
	double *v;
	double *in[LIF_RECEPTORS]; /* V: currents, or (first only) what arrived since the last step */
	double *bias;              /* V a step, LIF_DELTA only */
	double *wake;              /* number of the first step in which it is not refractory */
	uint32_t *spikes;          /* fired since lif_bank_clear */
};
void lif_bank_init(struct lif_bank *b, const struct lif *l, size_t n); /* biases 0, and clear */
void lif_bank_fini(struct lif_bank *b);

/* At rest, without input, spikes 0; biases stay. */
void lif_bank_clear(struct lif_bank *b, const struct lif *l);

/* Step number `now` of neurons [first, first + count), both multiples of LIF_BLOCK. Writes
 * who fires, ascending, to fired (room for count) and returns how many. */
size_t lif_update(const struct lif *l, struct lif_bank *b, size_t first, size_t count, double now,
    uint32_t *fired);

/* The same, plainly; bit by bit. */
size_t lif_update_plain(const struct lif *l, struct lif_bank *b, size_t first, size_t count,
    double now, uint32_t *fired);

/* Declared work of a neuron's update: v and what came in are read and written, wake and bias
 * read. */
double lif_flops(enum lif_kind k); /* 8 (LIF_EXP) or 4 */
double lif_bytes(enum lif_kind k); /* 56 or 48 */

#endif
