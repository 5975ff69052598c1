/* The parts of validate_energy. */
#ifndef HEARTH_BENCH_VALIDATE_ENERGY_H
#define HEARTH_BENCH_VALIDATE_ENERGY_H

#include "bench/validate_parts.h"

void validate_ageing(struct validate_job *j);  /* capacity of cells, ten years */
void validate_cars(struct validate_job *j);    /* their charging sessions */
void validate_sun(struct validate_job *j);     /* where the sun stands; light without and with clouds */
void validate_pv(struct validate_job *j);      /* modules and inverters, from sun to socket */
void validate_roof(struct validate_job *j);    /* measured power of an array */
void validate_homes(struct validate_job *j);   /* the shape of their load */
void validate_heat(struct validate_job *j);    /* houses, their units and a water heater, through a day */
void validate_steps(struct validate_job *j);   /* what a longer step costs; the ledger */
void validate_trajectories(struct validate_job *j); /* a transformer's temperatures, days long */

#endif
