/* What hearth itself does, as groups of `hearth bench`: queue, serving, grid, homes.
 *
 * Each work is a function that adds its cases. Works on published data read them from the
 * folder that $HEARTH_SHARED names and add nothing where it has none. */
#ifndef HEARTH_BENCH_ENGINE_ENGINE_H
#define HEARTH_BENCH_ENGINE_ENGINE_H

#include "bench/suite/suite.h"
#include "models/step.h"

void mm1_add(struct suite *s);  /* M/M/1 on the engine, and without one */
void hold_add(struct suite *s); /* HOLD of the engine and of the bare pending set */

void serving_add(struct suite *s); /* requests to four replicas */

void street_day_add(struct suite *s);  /* a street's power flow, minute by minute */
void eulv_add(struct suite *s);        /* the European low-voltage feeder: all ways, changes */
void matpower_add(struct suite *s);    /* MATPOWER's distribution cases */

void fleet_add(struct suite *s);       /* streets of well-equipped homes */
void house_add(struct suite *s);       /* heating and hot water, beside a plain double loop */
void bill_add(struct suite *s);        /* bills of meters */
void plan_add(struct suite *s);        /* plans of a battery */

/* A file or folder below $HEARTH_SHARED/data that can be read; else NULL, and a note says that
 * `what` is left out. The caller frees. */
char *engine_data(struct suite *s, const char *what, const char *below);

/* The European low-voltage feeder's flow by others, in buses and solves a second. */
extern const struct bench_peer eulv_peers[];

/* Of GridLAB-D's figures for homes of a like kind, in home-minutes a second. */
#define GRIDLABD_CONDITIONS \
	"steps of a minute for 7 days, Phoenix in July: two-node house with thermostat, plug " \
	"load, water heater; one thread of a two-core Zen 4 virtual machine"
#define GRIDLABD_100 "100 homes, " GRIDLABD_CONDITIONS
#define GRIDLABD_10  "10 homes, " GRIDLABD_CONDITIONS

/* Of the minutes of a day that a call takes, the k-th: ten quarters of an hour, spread over the
 * day, so that nearly every minute follows the one before. */
enum { ENGINE_MINUTES = 150, ENGINE_DAY = 1440 };
static inline int engine_minute_of_day(int k)
{
	return k / 15 * (ENGINE_DAY / 10) + k % 15;
}

/* Step `index` of a minute each, from utc_s on. */
static inline struct step engine_minute(long index, double utc_s, double zone_s)
{
	return (struct step){ .begin_ns = index * 60000000000LL, .dt_s = 60,
		.utc_s = utc_s + 60.0 * (double)index, .zone_s = zone_s, .index = index };
}

/* |got - wanted| by |wanted|. */
double engine_off(double got, double wanted);

#endif
