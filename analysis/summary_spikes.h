/* The summary's lines on spiking nodes. */
#ifndef HEARTH_ANALYSIS_SUMMARY_SPIKES_H
#define HEARTH_ANALYSIS_SUMMARY_SPIKES_H

#include <stdio.h>

#include "base/dataset.h"

void summary_spikes(const struct dataset *d, FILE *out); /* nothing where there are none */

#endif
