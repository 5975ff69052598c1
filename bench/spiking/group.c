#include "bench/spiking/break_even.h"
#include "bench/spiking/cases.h"

static void add(struct suite *s)
{
	spiking_add_delivery(s);
	spiking_add_neurons(s);
	spiking_add_cuba(s);
}

const struct bench_group bench_spiking = {
	.name = "spiking",
	.about = "delivery of spikes by lists and matrices, neurons, the network CUBA",
	.add = add,
	.conclude = break_even_print,
};
