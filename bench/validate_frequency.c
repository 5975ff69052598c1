/* The system frequency response model of Anderson and Mirheydar (1990) in closed form. */
#include <math.h>
#include <stdlib.h>

#include "base/sheet.h"
#include "bench/validate_grid.h"
#include "models/grid/frequency.h"

static const char *const columns[] = { "H_s", "R_pu", "D_pu", "F_H", "T_R_s", "K_m", "dP_pu",
	"f0_hz", "nadir_hz", "t_nadir_s", "steady_hz", "rocof0_hz_s", NULL };

static struct frequency_par read_case(const struct sheet *t)
{
	return (struct frequency_par){
		.nominal_hz = sheet_number(t, "f0_hz"),
		.inertia_s = sheet_number(t, "H_s"),
		.damping_pu = sheet_number(t, "D_pu"),
		.governor = { sheet_number(t, "R_pu"), 0, INFINITY, INFINITY },
		.gain_pu = sheet_number(t, "K_m"),
		.fast_frac = sheet_number(t, "F_H"),
		.reheat_s = sheet_number(t, "T_R_s"),
		.ramp_pu_s = INFINITY,
		.restore_s = INFINITY,
		.band_hz = 0.05,
		.window_s = 0.5,
	};
}

struct errors {
	struct worst deviation, rocof, instant;
};

/* Nadir and steady state are deviations from the nominal frequency. */
static void add_case(const struct sheet *t, struct errors *w)
{
	struct frequency_par par = read_case(t);
	double power_pu = sheet_number(t, "dP_pu");
	struct frequency *f = frequency_new(&par, 0);
	frequency_disturb(f, power_pu);
	frequency_advance(f, 100 * par.reheat_s);
	struct frequency_report r = frequency_report(f);
	double steady_hz = par.nominal_hz + sheet_number(t, "steady_hz");
	worst_add(&w->deviation, r.nadir_hz - par.nominal_hz - sheet_number(t, "nadir_hz"));
	worst_add(&w->deviation, frequency_now_hz(f) - steady_hz);
	worst_add(&w->deviation, frequency_steady_hz(&par, power_pu) - steady_hz);
	worst_add(&w->rocof, r.rocof0_hz_s - sheet_number(t, "rocof0_hz_s"));
	worst_add(&w->instant, r.nadir_s - sheet_number(t, "t_nadir_s"));
	frequency_free(f);
}

void validate_frequency(struct validate_job *j)
{
	static const char file[] = "feeders/frequency/sfr_reference.csv";
	struct errors w = { 0 };
	struct sheet t;
	char *path = validate_table(j, file);
	if (!path) return;
	if (sheet_open(&t, path, columns, j->e))
		while (sheet_next(&t)) add_case(&t, &w);
	sheet_close(&t);
	free(path);
	validate_worst(j, "closed-form frequency response: nadir and steady state",
	    "sfr_reference.csv", w.deviation, "Hz", 1e-6);
	validate_worst(j, "closed-form frequency response: initial rate of change",
	    "sfr_reference.csv", w.rocof, "Hz/s", 1e-6);
	validate_worst(j, "closed-form frequency response: time of the nadir", "sfr_reference.csv",
	    w.instant, "s", 1e-5);
}
