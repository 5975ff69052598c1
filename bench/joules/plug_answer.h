/* What smart plugs answer, as JSON.
 *
 *   Shelly, second generation on   Switch.GetStatus   apower W, aenergy.total Wh
 *   Shelly, first generation       /meter/N           power W, total watt-minutes, is_valid
 *                                  /emeter/N          total Wh, beside total_returned
 *   Tasmota                        Status 8           StatusSNS.ENERGY.Power W, .Total kWh
 *
 * (shelly-api-docs.shelly.cloud; tasmota.github.io/docs/Commands; seen: none of them.) */
#ifndef HEARTH_BENCH_JOULES_PLUG_ANSWER_H
#define HEARTH_BENCH_JOULES_PLUG_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plug_answer {
	const char *make;   /* "Shelly", "Shelly Gen1", "Tasmota" */
	double power_w;     /* above 0 */
	bool counts;
	uint64_t count;     /* energy, in steps of unit_j */
	double unit_j;      /* 3.6 J (mWh), 60 J (watt-minute) or 3.6 kJ (Wh) */
};

/* False with a sentence in why: no JSON, none of these, or no data. A relay without meter
 * answers 0 W, and a machine that asks draws more than that: 0 W is no data. */
bool plug_answer_parse(const char *text, struct plug_answer *a, char *why, size_t why_size);

#endif
