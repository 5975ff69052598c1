/* Rows of group "digits" as spiking networks of the catalogue (models/compute/spiking.h): what
 * was measured becomes what a neuromorphic node of a scenario runs. */
#ifndef HEARTH_BENCH_SPIKING_DIGITS_NETWORK_H
#define HEARTH_BENCH_SPIKING_DIGITS_NETWORK_H

#include "base/err.h"
#include "bench/suite/record.h"

/* A <catalogue> with a <spiking> for each spiking network in f, "digits-mlp-16-8bit-zeros-90" with
 * 16 steps, weights of 8 bits, 90 % of them away; the caller frees. NULL when there is none. */
char *digits_network_text(const struct bench_file *f);

/* Complete or not at all. False with an entry in e; also when there is none. */
bool digits_network_write(const char *path, const struct bench_file *f, struct err_list *e);

#endif
