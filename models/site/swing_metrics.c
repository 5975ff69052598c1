/* What a run reports of the bulk system's frequency. */
#include <stdlib.h>

#include "base/mem.h"
#include "models/metric.h"
#include "models/site/swing_state.h"

#define SWING_SOURCE                                                                               \
	"swing equation with the governors of Anderson and Mirheydar 1990 (IEEE Trans. Power "     \
	"Systems 5(3)), solved exactly"

extern const struct metric frequency_metrics[];
const struct metric frequency_metrics[] = {
	{ "frequency.nadir_hz", "Hz", "lowest frequency of the bulk system", "min over the run",
	    SWING_SOURCE, HIGHER_IS_BETTER },
	{ "frequency.zenith_hz", "Hz", "highest frequency of the bulk system", "max over the run",
	    SWING_SOURCE, LOWER_IS_BETTER },
	{ "frequency.rocof_hz_per_s", "Hz/s",
	    "steepest rate of change, with sign, as a mean over a window",
	    "windows of window= that follow each other from each disturbance on: (f(t + w) - f(t)) "
	    "/ w",
	    "mean over 500 ms, as relays of loss of mains measure it" },
	{ "frequency.rocof0_hz_per_s", "Hz/s",
	    "steepest rate of change at the very moment of a disturbance, with sign",
	    "f0 * power / (2 H base), others' motion included", SWING_SOURCE },
	{ "frequency.outside_s", "s", "time beyond a band to either side of the nominal frequency",
	    "integral of [|f - f0| > band]", SWING_SOURCE, LOWER_IS_BETTER },
	{ "frequency.disturbances", "1", "contingencies and jumps of the scenario's own power",
	    "counted", "counted" },
	{ "frequency.ufls_steps", "1", "times that a step of load was shed", "counted", "counted",
	    LOWER_IS_BETTER },
	{ "frequency.shed_j", "J", "energy that was not served for under-frequency load shedding",
	    "integral of what is cut", SWING_SOURCE, LOWER_IS_BETTER },
	{ "frequency.scenario_shed_j", "J",
	    "the scenario's share of it, in proportion to what it draws; its sites are served "
	    "all the same",
	    "sum over steps of shed * sites / demand", SWING_SOURCE, LOWER_IS_BETTER },
	{ "frequency.battery_j", "J", "energy that batteries gave to hold the frequency",
	    "integral of their power, where positive", SWING_SOURCE },
	{ 0 },
};

static void put(struct dataset *d, const char *key, double value, int64_t n)
{
	metric_put(d, key, NULL, estimate_exact(value, n));
}

static void export_metrics(const struct swing *w, struct dataset *d)
{
	struct frequency_report r = frequency_report(w->f);
	int64_t n = w->disturbances;
	put(d, "frequency.nadir_hz", r.nadir_hz, n);
	put(d, "frequency.zenith_hz", r.zenith_hz, n);
	put(d, "frequency.rocof_hz_per_s", r.rocof_hz_s, n);
	put(d, "frequency.rocof0_hz_per_s", r.rocof0_hz_s, n);
	put(d, "frequency.outside_s", r.outside_s, n);
	put(d, "frequency.disturbances", (double)n, n);
	put(d, "frequency.ufls_steps", r.steps, n);
	put(d, "frequency.shed_j", r.shed_pu_s * w->base_w, n);
	put(d, "frequency.scenario_shed_j", w->own_shed_j, n);
	put(d, "frequency.battery_j", r.given_pu_s * w->base_w, n);
}

static const char *const event_word[] = {
	[FREQUENCY_DISTURBED] = "disturbed", [FREQUENCY_TURNED] = "turned",
	[FREQUENCY_CROSSED] = "crossed",     [FREQUENCY_EMPTIED] = "emptied",
	[FREQUENCY_RAMPED] = "ramped",       [FREQUENCY_SHED] = "shed",
	[FREQUENCY_RETURNED] = "returned",   [FREQUENCY_PASSED] = "passed",
};

static void export_points(const struct swing *w, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "frequency");
	struct ds_dim *point = ds_dim(g, "point", w->points);
	double *t = ds_column(g, "time", DS_F64, point, NULL, "s", "since the start");
	double *hz = ds_column(g, "frequency", DS_F64, point, NULL, "Hz", "of the bulk system");
	char **what = ds_column(g, "event", DS_TEXT, point, NULL, "",
	    "disturbed, turned (an extremum), crossed (an edge, a limit, a threshold), ramped, "
	    "emptied (or filled: batteries), shed, returned, passed (nothing happened)");
	for (size_t i = 0; i < w->points; i++) {
		t[i] = w->point[i].t_s;
		hz[i] = w->point[i].hz;
		what[i] = mem_text(event_word[w->point[i].what]);
	}
}

void swing_export(const struct swing *w, struct dataset *d)
{
	if (!w->f) return;
	export_metrics(w, d);
	if (w->points) export_points(w, d);
}
