/* Numbers and units as people read them. Never used for machines: the JSON
 * summary and the results file keep SI units and every digit. */
#ifndef HEARTH_ANALYSIS_SHOW_H
#define HEARTH_ANALYSIS_SHOW_H

#include <stddef.h>

#include "base/dataset.h"

enum { SHOW_SIZE = 64 };

/* Three significant digits with a prefix that fits: 0.0265 "s" -> "26.5 ms",
 * 4.86e7 "J" -> "13.5 kWh", 334.2 "K" (absolute) -> "61 °C". Whole numbers of
 * unit "1" come in full with commas, other units as they stand. NAN gives "-". UTF-8.
 * Returns buf. */
char *show_value(double v, const char *unit, char buf[SHOW_SIZE]);

/* The metric's value; a fraction or per-unit value (key part that ends in
 * "_frac" or "_pu") in per cent: 0.99967 -> "99.96 %", never rounded up to 100. */
char *show_metric(const struct ds_metric *m, char buf[SHOW_SIZE]);

/* Its 95 % interval, "201 ms to 224 ms"; "" when there is none. */
char *show_interval(const struct ds_metric *m, char buf[SHOW_SIZE]);

/* A change of a metric with that key and unit, with its sign: "+26.5 ms"; of a fraction in
 * percentage points, 0.021 -> "+2.1 pp"; of a temperature "-3 K"; "0" with its unit. */
char *show_change(const char *key, const char *unit, double v, char buf[SHOW_SIZE]);

/* Its sentence; with the asset and the limit that bind, where the metric names
 * them: "margin to the nearest limit (home 12: low voltage)". The caller frees. */
char *show_about(const struct dataset *d, const struct ds_metric *m);

#endif
