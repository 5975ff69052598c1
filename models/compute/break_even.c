#include "models/compute/break_even.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

/* Yan et al.: r < 6.4 % for T from 5 to 10 (version 2); version 4 says 5.7 % for T = 5. */
#define YAN_RATE 0.064

const struct break_even_line break_even_lines[BREAK_EVEN_LINES] = {
	{ "Dampfhoffer et al. 2023", 0.15, 1.38, NAN, 0, 0, VERIFY_SEEN,
	    "Dampfhoffer, Mesquida, Valentian and Anghel 2023, \"Are SNNs really more "
	    "energy-efficient than ANNs? An in-depth hardware-aware study\", IEEE TETCI 7(3), "
	    "abstract: memory accesses counted, by how far the ANN reuses data and skips zeros" },
	{ "Davidson and Furber 2021", 1.72, 1.72, NAN, 0, 0, VERIFY_RECALLED,
	    "Davidson and Furber 2021, \"Comparison of artificial and spiking neural networks on "
	    "digital hardware\", Front. Neurosci. 15:651141: the same silicon for both, a 22 nm "
	    "process, weights from SRAM, no reuse" },
	{ "Yan et al. 2024", 5 * YAN_RATE, 10 * YAN_RATE, YAN_RATE, 5, 10, VERIFY_SEEN,
	    "Yan, Bai, Tang and Wong 2024, \"Reconsidering the energy efficiency of spiking neural "
	    "networks\", arXiv 2409.08290v2, abstract: against quantised networks of "
	    "ceil(log2(T + 1)) bits, data movement counted" },
};

double break_even_k(const struct break_even_costs *c)
{
	assert(c->reuse >= 1 && c->ac_j + c->fetch_j > 0);
	double ann_j = (1 - c->skip_frac) * (c->mac_j + c->fetch_j / c->reuse);
	return (ann_j - c->rest_j) / (c->ac_j + c->fetch_j);
}

double break_even_k_processor(double token_j, double active_params, double rest_j, double synop_j)
{
	assert(active_params > 0 && synop_j > 0);
	return (token_j / active_params - rest_j) / synop_j;
}

double break_even_rest_j(
    double neuron_steps, double update_j, double static_w, double time_s, double synapses)
{
	assert(synapses > 0);
	return (neuron_steps * update_j + static_w * time_s) / synapses;
}

enum break_even_verdict break_even_judge(const struct break_even_line *l, double k, int steps)
{
	if (l->steps_high && (steps < l->steps_low || steps > l->steps_high))
		return BREAK_EVEN_SILENT;
	double low = isnan(l->rate) ? l->low : l->rate * steps;
	double high = isnan(l->rate) ? l->high : low;
	return k < low ? BREAK_EVEN_WINS : k > high ? BREAK_EVEN_LOSES : BREAK_EVEN_DEPENDS;
}

const char *break_even_word(enum break_even_verdict v)
{
	switch (v) {
	case BREAK_EVEN_WINS:
		return "wins";
	case BREAK_EVEN_DEPENDS:
		return "depends";
	case BREAK_EVEN_LOSES:
		return "loses";
	case BREAK_EVEN_SILENT:
		return "not said";
	}
	return NULL;
}
