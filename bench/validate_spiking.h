/* The parts of validate_spiking. */
#ifndef HEARTH_BENCH_VALIDATE_SPIKING_H
#define HEARTH_BENCH_VALIDATE_SPIKING_H

#include "bench/validate_parts.h"

void validate_peers(struct validate_job *j);      /* another simulator's events */
void validate_chips(struct validate_job *j);      /* totals that were published of chips */
void validate_loihi(struct validate_job *j);      /* a language model that was published of it */
void validate_cards(struct validate_job *j);      /* tokens that were published of NorthPole */
void validate_break_even(struct validate_job *j); /* NeuroBench's example; the published lines */
void validate_rival(struct validate_job *j);      /* a GPU in batches */
void validate_answers(struct validate_job *j);    /* correct answers by energy */
void validate_fp8(struct validate_job *j);        /* fp8 weights of a mixture, by batch */
void validate_digits(struct validate_job *j);     /* the network that hearth trains */

#endif
