#include "models/energy/house.h"

#include <assert.h>
#include <math.h>

#include "models/energy/noise.h"
#include "models/energy/profile.h"

static const struct attr attrs[] = {
	ATTR_DIST(struct load_par, annual_j, "annual", DIM_ENERGY, "3500 kWh", 0, 3.6e12,
	    "energy that a home uses in a year, without car and node"),
	ATTR_QTY(struct load_par, out_frac, "out", DIM_FRACTION, "50 %", 0, 1,
	    "share of working days on which nobody is at home by day"),
	ATTR_QTY(struct load_par, absent_frac, "absent", DIM_FRACTION, "5 %", 0, 0.5,
	    "share of days on which everybody is away, some days in a row"),
	ATTR_QTY(struct load_par, regular_frac, "regular", DIM_FRACTION, "60 %", 0, 1,
	    "share of what is switched on that is at the household's own hour for it"),
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
	int32_t power_w;
	double run_s, runs_per_year, owners_frac;
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

/* Counters of the noise of a home's days: a day has 2^20 of them, four for each of
 * 4096 runs of each appliance. Habits have those of day 0. */
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
	struct house h = { .who = who, .key = key, .regular_frac = p->regular_frac };
	for (unsigned a = 0; a < HOUSE_APPLIANCES; a++)
		if (noise_unit(who, a) < appliances[a].owners_frac) h.owns |= 1u << a;
	double factor = annual_j / house_table_j(h.owns);
	h.standby_w = HOUSE_STANDBY_W * factor;
	h.cold_w = HOUSE_COLD_W * factor;
	h.cold_phase = noise_unit(who, HOUSE_APPLIANCES + 1);
	h.runs_factor = fmin(factor, 4) / (1 - p->absent_frac);
	h.power_factor = factor > 4 ? factor / 4 : 1;
	h.shift_s = (int32_t)(3600 * (2 * noise_unit(who, HOUSE_APPLIANCES) - 1));
	h.habit = occupancy_habit_draw(who, p->out_frac, p->absent_frac);
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

static enum house_window pick_window(const struct appliance *p, double u)
{
	double percent = 100 * u;
	int w = 0;
	while (w < HOUSE_WINDOWS - 1 && percent >= p->percent[w]) percent -= p->percent[w++];
	return (enum house_window)w;
}

/* When a run begins that nobody's absence moves: at the home's own hour for it, up to
 * a quarter of an hour sooner or later, or at any. */
static int32_t usual_begin_s(const struct house *h, long day, unsigned a, unsigned run)
{
	bool regular = noise_unit(h->who, counter(1, a, run, 0)) < h->regular_frac;
	uint64_t key = regular ? h->who : h->key;
	long of_day = regular ? 0 : day;
	double u_window = noise_unit(key, counter(of_day, a, run, 1));
	double u_begin = noise_unit(key, counter(of_day, a, run, 2));
	enum house_window w = pick_window(&appliances[a], u_window);
	int32_t width_s = windows[w].to_s - windows[w].from_s;
	int32_t begin_s = windows[w].from_s + (int32_t)(u_begin * width_s) + h->shift_s;
	if (regular) begin_s += (int32_t)(1800 * noise_unit(h->key, counter(day, a, run, 2))) - 900;
	return (begin_s + 86400) % 86400; /* the shift goes round the clock */
}

/* What would have begun while nobody is in does so in the evening. */
static int32_t begin_s(const struct house *h, const struct occupancy *o, long day, unsigned a,
    unsigned run)
{
	int32_t at_s = usual_begin_s(h, day, a, run);
	if (!o->out || at_s < o->leave_s || at_s >= o->back_s) return at_s;
	return o->back_s +
	    (int32_t)(noise_unit(h->key, counter(day, a, run, 1)) * (o->sleep_s - o->back_s));
}

static struct house_run draw_run(const struct house *h, const struct occupancy *o, long day,
    unsigned a, unsigned run)
{
	const struct appliance *p = &appliances[a];
	double u_length = noise_unit(h->key, counter(day, a, run, 3));
	int32_t at_s = begin_s(h, o, day, a, run);
	return (struct house_run){
		.begin_s = at_s,
		/* 0.5 to 1.5 of the table's length, in whole seconds without bias */
		.end_s = at_s + (int32_t)(p->run_s * (0.5 + u_length) + 0.5),
		.watt = p->power_w,
	};
}

unsigned house_day(const struct house *h, long day, struct house_run *run)
{
	assert(day >= 0);
	unsigned n = 0;
	struct occupancy o = occupancy_day(&h->habit, h->key, day);
	if (o.absent) return 0;
	for (unsigned a = 0; a < HOUSE_APPLIANCES; a++) {
		if (!(h->owns >> a & 1)) continue;
		double mean = appliances[a].runs_per_year / 365 * h->runs_factor;
		/* floor(mean + u) has this mean and the least spread */
		unsigned runs = (unsigned)(mean + noise_unit(h->key, counter(day, a, 0, 0)));
		for (unsigned r = 0; r < runs; r++) run[n++] = draw_run(h, &o, day, a, r);
	}
	return n;
}
