/* Devices of a later year, by growth of what they do with a watt.
 *
 *     <progress year="2040"/>
 *
 * Arithmetic a watt and bytes a watt grow apart, from the year= of a device's row on:
 *     compute = (1 + compute-growth)^years,  memory = (1 + memory-growth)^years.
 * Decoding few requests follows the memory, many at once something between the two. The
 * defaults are fits by hearth's authors to 119 and 138 accelerators of 2008 to 2025 in the
 * hardware database of Epoch AI (CC BY 4.0; copy github.com/syedalijabir/gpu-performance@68b75a3):
 * FP32 FLOP/s/W 19.9 % a year (95 % interval 16.4 to 23.4), memory byte/s/W 17.9 % (14.3 to
 * 21.6). That both go on until the year asked is an assumption.
 *
 *   gain="rate":  at constant power; peak rates and bandwidths grow, of caches too.
 *   gain="power": at constant rates; what arithmetic adds to the power falls by compute, what
 *                 memory adds by memory, what working adds to idling by compute; the limits and
 *                 the thermal design power as the sum of all.
 *
 * Idle power falls by idle-growth, none unless written: it has hardly fallen. Fixed times of
 * operations, links, memory sizes, hosts and neuromorphic chips stay as they are. A device is
 * then one of that year, so that nothing is done twice. */
#ifndef HEARTH_MODELS_COMPUTE_PROGRESS_H
#define HEARTH_MODELS_COMPUTE_PROGRESS_H

#include "models/class.h"
#include "models/compute/device.h"

enum progress_gain { GAIN_RATE, GAIN_POWER };
#define GAIN_WORDS "rate power"

struct progress_par {
	int64_t year;
	int gain;                                    /* enum progress_gain */
	double compute_frac, memory_frac, idle_frac; /* growth a year */
};

extern const struct class progress_class;

/* d->year is above 0 and no later than p's. */
void device_progress(struct device_par *d, const struct progress_par *p);

/* To the devices of all nodes of a scenario that passed its checks; nothing without a
 * <progress>. */
void progress_apply(const struct object *scenario);

#endif
