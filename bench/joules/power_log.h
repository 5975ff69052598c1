/* What a meter writes down: CSV with a header, one row a reading, times ascending.
 *
 *     time_s,power_w          time_s,energy_j
 *     1718841600.0,61.2       1718841600.0,104520
 *
 * time_s counts from 1970 (UTC) or from what an offset makes up for; energy_j counts up
 * from anywhere. Other columns are passed over. */
#ifndef HEARTH_BENCH_JOULES_POWER_LOG_H
#define HEARTH_BENCH_JOULES_POWER_LOG_H

#include <stdbool.h>
#include <stddef.h>

struct power_log {
	bool counts; /* value is energy_j, not power_w */
	double *time_s, *value;
	size_t rows;
};

/* Reads the text of a log, which is changed. A last line without its end is one that is
 * being written, and left out. False with a sentence in why, which begins with the line. */
bool power_log_parse(struct power_log *log, char *text, size_t size, double offset_s, char *why,
    size_t why_size);
void power_log_fini(struct power_log *log);

/* Median time between rows, s; 0 with fewer than two. */
double power_log_pace_s(const struct power_log *log);

/* Energy between two times, power and count being linear between rows. False with a
 * sentence in why: the log does not reach over them, has a gap there (more than five times
 * the median pace), or a count that goes back. */
bool power_log_energy(const struct power_log *log, double from_s, double to_s, double *energy_j,
    char *why, size_t why_size);

#endif
