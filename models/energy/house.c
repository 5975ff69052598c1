#include "models/energy/house.h"

#include <assert.h>
#include <math.h>

#include "models/energy/calendar.h"
#include "models/energy/noise.h"
#include "models/energy/profile.h"

static const struct attr attrs[] = {
	ATTR_DIST(struct load_par, annual_j, "annual", DIM_ENERGY, "3500 kWh", 0, 3.6e12,
	    "energy that a home uses in a year, without car and node"),
	ATTR_QTY(struct load_par, out_frac, "out", DIM_FRACTION, "50 %", 0, 1,
	    "share of working days on which nobody is at home from 9 to 17"),
	ATTR_FILE(struct load_par, profile, "profile", OPTIONAL,
	    "measured shapes to use in place of the model: CSV of time_s and a column a home"),
	ATTR_END,
};

/* Reads the file for its faults only; the fleet keeps what it reads itself. */
static void check(const struct object *o, struct err_list *e)
{
	const struct load_par *p = o->par;
	if (p->profile) profile_free(profile_read(p->profile, e));
}

const struct class load_class = {
	.element = "load", .parents = "homes",
	.about = "What the households use besides their cars and nodes.",
	.par_size = sizeof(struct load_par), .attrs = attrs, .max = 1, .check = check,
};

static const struct appliance {
	double power_w, run_s, runs_per_year, owners_frac;
	uint8_t percent[HOUSE_WINDOWS];
} appliances[HOUSE_APPLIANCES] = {
#define X(name, w, min, runs, owners, night, morning, day, evening) \
	{ w, (min) * 60.0, runs, owners, { night, morning, day, evening } },
	APPLIANCE_LIST(X)
#undef X
};

static const struct {
	int32_t from_s, to_s;
} windows[HOUSE_WINDOWS] = {
#define X(id, from, to) { (from) * 3600, (to) * 3600 },
	HOUSE_WINDOW_LIST(X)
#undef X
};

static const double year_s = 365 * 86400.0;

/* Counters of the noise of a home's days: a day has 2^20 of them, the first for
 * being out, then four for each of 4096 runs of each appliance. */
static uint64_t counter(long day, unsigned appliance, unsigned run, unsigned draw)
{
	return (uint64_t)day << 20 | (appliance + 1) << 14 | run << 2 | draw;
}

double house_table_j(uint32_t owns)
{
	double sum = HOUSE_BASE_W * year_s;
	for (unsigned a = 0; a < HOUSE_APPLIANCES; a++) {
		const struct appliance *p = &appliances[a];
		if (owns >> a & 1) sum += p->power_w * p->run_s * p->runs_per_year;
	}
	return sum;
}

struct house house_make(const struct load_par *p, double annual_j, uint64_t who, uint64_t key)
{
	struct house h = { .key = key, .out_frac = p->out_frac };
	for (unsigned a = 0; a < HOUSE_APPLIANCES; a++)
		if (noise_unit(who, a) < appliances[a].owners_frac) h.owns |= 1u << a;
	double factor = annual_j / house_table_j(h.owns);
	h.base_w = HOUSE_BASE_W * factor;
	h.runs_factor = fmin(factor, 2);
	h.power_factor = factor > 2 ? factor / 2 : 1;
	h.habit_s = (int32_t)(3600 * (2 * noise_unit(who, HOUSE_APPLIANCES) - 1));
	return h;
}

/* The number of runs is this or one less. */
static unsigned runs_most(const struct house *h, const struct appliance *p)
{
	return (unsigned)ceil(p->runs_per_year / 365 * h->runs_factor);
}

unsigned house_runs_max(const struct house *h)
{
	unsigned n = 0;
	for (unsigned a = 0; a < HOUSE_APPLIANCES; a++)
		if (h->owns >> a & 1) n += runs_most(h, &appliances[a]);
	return n;
}

static bool is_out(const struct house *h, long day)
{
	if (calendar_weekend(day)) return false;
	return noise_unit(h->key, (uint64_t)day << 20) < h->out_frac;
}

/* When nobody is in by day, what would have run then runs in the evening. */
static enum house_window pick_window(const struct appliance *p, double u, bool out)
{
	double percent = 100 * u;
	int w = 0;
	while (w < HOUSE_WINDOWS - 1 && percent >= p->percent[w]) percent -= p->percent[w++];
	return out && w == HOUSE_DAY ? HOUSE_EVENING : (enum house_window)w;
}

static struct house_run draw_run(const struct house *h, long day, unsigned a, unsigned run,
    bool out)
{
	const struct appliance *p = &appliances[a];
	double u_window = noise_unit(h->key, counter(day, a, run, 1));
	double u_begin = noise_unit(h->key, counter(day, a, run, 2));
	double u_length = noise_unit(h->key, counter(day, a, run, 3));
	enum house_window w = pick_window(p, u_window, out);
	int32_t width_s = windows[w].to_s - windows[w].from_s;
	int32_t begin_s = windows[w].from_s + (int32_t)(u_begin * width_s) + h->habit_s;
	begin_s = (begin_s + 86400) % 86400; /* the habit's shift goes round the clock */
	return (struct house_run){
		.begin_s = begin_s,
		/* 0.5 to 1.5 of the table's length, in whole seconds without bias */
		.end_s = begin_s + (int32_t)(p->run_s * (0.5 + u_length) + 0.5),
		.milliwatt = (int32_t)(p->power_w * h->power_factor * 1000 + 0.5),
	};
}

unsigned house_day(const struct house *h, long day, struct house_run *run)
{
	assert(day >= 0);
	unsigned n = 0;
	bool out = is_out(h, day);
	for (unsigned a = 0; a < HOUSE_APPLIANCES; a++) {
		if (!(h->owns >> a & 1)) continue;
		double mean = appliances[a].runs_per_year / 365 * h->runs_factor;
		/* floor(mean + u) has this mean and the least spread */
		unsigned runs = (unsigned)(mean + noise_unit(h->key, counter(day, a, 0, 0)));
		for (unsigned r = 0; r < runs; r++) run[n++] = draw_run(h, day, a, r, out);
	}
	return n;
}
