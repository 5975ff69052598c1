/* The curves of each cell on a day. Private to models/energy/ageing*.c. */
#ifndef HEARTH_MODELS_ENERGY_AGEING_LAWS_H
#define HEARTH_MODELS_ENERGY_AGEING_LAWS_H

#include "models/energy/ageing.h"

/* Curves that are not set rest. health_frac: at the day's begin. */
typedef void ageing_law(
    const struct ageing_day *d, double health_frac, struct ageing_curve curve[AGEING_STATES]);

ageing_law ageing_lfp_250ah, ageing_lfp_3ah, ageing_nmc_75ah, ageing_nmc_50ah, ageing_nmc111_75ah,
    ageing_solid;

#endif
