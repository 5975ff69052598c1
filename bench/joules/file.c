/* A log that some meter writes while we measure, or its recording: read again at the end
 * of each window. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "bench/joules/power_log.h"
#include "bench/joules/source.h"

struct log_file {
	char *path;
	double offset_s;
};

static void file_close(void *state)
{
	struct log_file *f = state;
	free(f->path);
	free(f);
}

static bool load(const struct log_file *f, struct power_log *log, char *why, size_t why_size)
{
	struct err_list *e = err_new();
	char reason[128];
	size_t size;
	char *text = file_read(f->path, FILE_TABLE_MAX, &size, e);
	bool fine = text && power_log_parse(log, text, size, f->offset_s, reason, sizeof reason);
	if (!text)
		snprintf(why, why_size, "%.80s cannot be read: does the meter write it there?", f->path);
	else if (!fine)
		snprintf(why, why_size, "%.80s, %.100s", f->path, reason);
	free(text);
	err_free(e);
	return fine;
}

static bool file_open(struct joules_source *s, const struct joules_setup *setup,
    const char *arg, struct joules_skip *skip)
{
	struct power_log log;
	char why[192];
	if (!arg)
		return joules_skip_say(skip, "no log named",
		    "a log is read when it is named: --energy-source=file:METER.csv, with columns time_s "
		    "and power_w or energy_j");
	struct log_file f = { (char *)arg, setup->log_offset_s };
	if (!load(&f, &log, why, sizeof why)) return joules_skip_say(skip, "log unusable", "%s", why);
	double pace_s = power_log_pace_s(&log);
	struct log_file *kept = s->state = mem_new(1, sizeof *kept);
	*kept = (struct log_file){ mem_text(arg), setup->log_offset_s };
	s->scope = ENERGY_WALL;
	joules_channel_add(s, arg)->counts = log.counts;
	s->window_s = pace_s > 0 ? 10 * pace_s : 10;
	joules_text_add(s, arg);
	power_log_fini(&log);
	return true;
}

static double end_s(const struct power_log *log)
{
	return log->rows ? log->time_s[log->rows - 1] : 0;
}

/* A log that is being written is late by its pace and its buffer: three paces, and from
 * 2 s to 10 s, are waited for it. */
static bool file_window(void *state, double from_s, double to_s, struct energy *r)
{
	const struct timespec nap = { .tv_nsec = 250000000 };
	double waited_s = 0;
	for (;; waited_s += 0.25) {
		struct power_log log;
		char why[160];
		if (!load(state, &log, r->why, sizeof r->why)) return false;
		double pace_s = power_log_pace_s(&log), patience_s = 3 * pace_s;
		if (patience_s < 2) patience_s = 2;
		if (patience_s > 10) patience_s = 10;
		bool late = end_s(&log) < to_s && waited_s < patience_s;
		bool fine = !late && power_log_energy(&log, from_s, to_s, &r->measured_j, why, sizeof why);
		r->method = log.counts ? ENERGY_COUNTER : ENERGY_INTEGRATED;
		r->error_j = fine ? r->measured_j / (to_s - from_s) * pace_s : 0;
		power_log_fini(&log);
		if (fine) return true;
		if (late) {
			nanosleep(&nap, NULL);
			continue;
		}
		snprintf(r->why, sizeof r->why, "%s", why);
		return false;
	}
}

const struct joules_class joules_file = {
	.name = "file",
	.open = file_open,
	.close = file_close,
	.window = file_window,
};
