#include "bench/joules/power_log.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/text.h"

/* Rows further apart than so many median paces have something missing between them. */
#define GAP_PACES 5

struct say {
	char *why;
	size_t size;
};

static bool no(struct say say, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool no(struct say say, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(say.why, say.size, fmt, args);
	va_end(args);
	return false;
}

static bool add_row(struct power_log *log, size_t *cap, const struct csv *c, int time, int value,
    double offset_s, struct say say)
{
	double t, v;
	if (c->fields <= time || c->fields <= value || !text_to_number(c->field[time].text, &t) ||
	    !text_to_number(c->field[value].text, &v))
		return no(say, "line %d: time and reading are not two numbers", c->line);
	t += offset_s;
	if (log->rows && t <= log->time_s[log->rows - 1])
		return no(say, "line %d: its time is not after the one before", c->line);
	if (v < 0) return no(say, "line %d: %s is negative", c->line, log->counts ? "energy" : "power");
	if (log->rows == *cap) {
		*cap = *cap ? 2 * *cap : 256;
		log->time_s = mem_resize(log->time_s, *cap, sizeof *log->time_s);
		log->value = mem_resize(log->value, *cap, sizeof *log->value);
	}
	log->time_s[log->rows] = t;
	log->value[log->rows++] = v;
	return true;
}

/* The header, then rows. */
static bool read_rows(struct power_log *log, struct csv *c, double offset_s, struct say say)
{
	enum csv_result r = csv_next(c);
	size_t cap = 0;
	if (r == CSV_END) return no(say, "line 1: there is no header; write time_s,power_w");
	if (r == CSV_FAULT) return no(say, "line %d: %s", c->line, c->why);
	int time = csv_find(c, "time_s"), value = csv_find(c, "power_w");
	log->counts = value < 0;
	if (log->counts) value = csv_find(c, "energy_j");
	if (time < 0 || value < 0)
		return no(say, "line %d: its header has no time_s with power_w or energy_j", c->line);
	while ((r = csv_next(c)) != CSV_END) {
		if (r == CSV_FAULT) return no(say, "line %d: %s", c->line, c->why);
		if (!add_row(log, &cap, c, time, value, offset_s, say)) return false;
	}
	return true;
}

bool power_log_parse(struct power_log *log, char *text, size_t size, double offset_s, char *why,
    size_t why_size)
{
	struct csv c;
	struct say say = { why, why_size };
	*log = (struct power_log){ 0 };
	while (size && text[size - 1] != '\n')
		size--;
	text[size] = '\0';
	csv_init(&c, text, size);
	if (read_rows(log, &c, offset_s, say)) return true;
	power_log_fini(log);
	return false;
}

void power_log_fini(struct power_log *log)
{
	free(log->time_s);
	free(log->value);
	*log = (struct power_log){ 0 };
}

double power_log_pace_s(const struct power_log *log)
{
	if (log->rows < 2) return 0;
	size_t n = log->rows - 1;
	double *pace = mem_new(n, sizeof *pace);
	for (size_t i = 0; i < n; i++)
		pace[i] = log->time_s[i + 1] - log->time_s[i];
	sort_f64(pace, n);
	double median = pace[n / 2];
	free(pace);
	return median;
}

/* What the log has at a time between rows i and i + 1. */
static double value_at(const struct power_log *log, size_t i, double t_s)
{
	double share = (t_s - log->time_s[i]) / (log->time_s[i + 1] - log->time_s[i]);
	return log->value[i] + share * (log->value[i + 1] - log->value[i]);
}

/* The part between rows i and i + 1 of what lies between two times. */
static double piece(const struct power_log *log, size_t i, double from_s, double to_s)
{
	double a = fmax(from_s, log->time_s[i]), b = fmin(to_s, log->time_s[i + 1]);
	double at_a = value_at(log, i, a), at_b = value_at(log, i, b);
	return log->counts ? at_b - at_a : (at_a + at_b) / 2 * (b - a);
}

bool power_log_energy(const struct power_log *log, double from_s, double to_s, double *energy_j,
    char *why, size_t why_size)
{
	struct say say = { why, why_size };
	double most_s = GAP_PACES * power_log_pace_s(log), sum_j = 0;
	if (log->rows < 2) return no(say, "the log has fewer than two readings");
	if (from_s < log->time_s[0])
		return no(say, "the log begins %.1f s after the window did: do the clocks agree?",
		    log->time_s[0] - from_s);
	if (to_s > log->time_s[log->rows - 1])
		return no(say, "the log ends %.1f s before the window did: do the clocks agree?",
		    to_s - log->time_s[log->rows - 1]);
	for (size_t i = 0; i + 1 < log->rows; i++) {
		double dt_s = log->time_s[i + 1] - log->time_s[i];
		if (log->time_s[i + 1] <= from_s || log->time_s[i] >= to_s) continue;
		if (dt_s > most_s)
			return no(say, "the log has a gap of %.1f s within the window", dt_s);
		if (log->counts && log->value[i + 1] < log->value[i])
			return no(say, "the log's energy goes back within the window: the meter began anew");
		sum_j += piece(log, i, from_s, to_s);
	}
	*energy_j = sum_j;
	return true;
}
