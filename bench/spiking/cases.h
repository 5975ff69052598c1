/* The cases of group "spiking", and what is swept. */
#ifndef HEARTH_BENCH_SPIKING_CASES_H
#define HEARTH_BENCH_SPIKING_CASES_H

#include "bench/spiking/synapses.h"
#include "bench/suite/suite.h"

struct delivery_net {
	size_t neurons, fan_out; /* each onto as many neurons, fan_out of them on average */
};

extern const struct delivery_net delivery_nets[];
extern const size_t delivery_net_count;

enum { SPIKING_RATES_MAX = 6 };
extern const double spiking_rates[SPIKING_RATES_MAX]; /* shares of neurons that spike */

extern const char *const spiking_kernel[SYNAPSE_FORMATS]; /* names of the rows */

void spiking_add_delivery(struct suite *s);
void spiking_add_neurons(struct suite *s); /* LIF updates */
void spiking_add_cuba(struct suite *s);

#endif
