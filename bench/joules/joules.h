/* Energy of a stretch of time, by the first meter that this machine lets us read.
 *
 *     struct joules *j = joules_open(&setup, e);
 *     joules_idle(j, window_s);
 *     joules_begin(j);
 *     work();
 *     joules_end(j, utilisation, &r);   r.measured_j, r.estimate_j, r.source ...
 *     joules_close(j);
 *
 * Measured and estimated energy are different numbers in different members: what the
 * model says is never given as measured, and what is not known is NAN, never 0.
 *
 * Counters of energy are read at an edge (when they step) on both ends of a window. In
 * between a thread of our own wakes up: for a counter at a quarter of the time in which it
 * can wrap at the rated power, which is minutes; for a source that tells power, as often
 * as it has news. The loop that is measured thus need not call us however long one of its
 * calls is, and the processor time which the thread took is in the reading. Several
 * windows follow each other; they do not nest. Not for use by two threads at a time. */
#ifndef HEARTH_BENCH_JOULES_JOULES_H
#define HEARTH_BENCH_JOULES_JOULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* "auto" tries, of a processor, the first four; of an accelerator nvml, then hwmon. The last
 * column is what `hearth bench --list-energy` says of it. */
#define ENERGY_SOURCE_LIST(X) \
	X(powercap, "package and DRAM of x86 processors, as Linux counts them") \
	X(perf, "the same counters through the kernel's PMU 'power'") \
	X(msr, "the same counters read from the processor's registers") \
	X(hwmon, "sensors of the kernel: sockets, boards, AMD and Intel GPUs") \
	X(nvml, "NVIDIA GPUs, by their driver's library") \
	X(plug, "a smart plug on the network: the wall") \
	X(file, "the log that a meter writes")

#define ENERGY_SCOPE_LIST(X) \
	X(ENERGY_NOWHERE, "") \
	X(ENERGY_PACKAGE, "package") /* processors, with DRAM where it is counted */ \
	X(ENERGY_GPU, "gpu")         /* the accelerator's board */ \
	X(ENERGY_BOARD, "board")     /* the whole machine behind its power supply */ \
	X(ENERGY_WALL, "wall")

#define ENERGY_METHOD_LIST(X) \
	X(ENERGY_UNKNOWN, "") \
	X(ENERGY_COUNTER, "counter")       /* the meter counted energy */ \
	X(ENERGY_INTEGRATED, "integrated") /* its power readings, trapezoids over time */ \
	X(ENERGY_MODEL, "model")           /* nothing was measured */

#define X(id, word) id,
enum energy_scope { ENERGY_SCOPE_LIST(X) };
enum energy_method { ENERGY_METHOD_LIST(X) };
#undef X

const char *energy_scope_word(enum energy_scope s);
const char *energy_method_word(enum energy_method m);

struct joules_setup {
	const char *source;   /* as --energy-source= takes it; NULL: "auto" */
	bool gpu;             /* auto looks for an accelerator's meter, not the processor's */
	const char *gpu_bus;  /* PCI address of the one in use; NULL: the first that NVML knows */
	double tdp_w, idle_w; /* of all that works, at full load and at rest; NAN: not known */
	double log_offset_s;  /* added to the times of file:CSV to have this clock's */
	const char *root;     /* set before /sys, /dev and /proc; NULL: "" */
	const char *nvml;     /* library; NULL: "libnvidia-ml.so.1" */
};

/* Why a text is no source, as a sentence's end ("is not ..."), or NULL. For the table of
 * options; says nothing of whether the source works. */
const char *joules_refuse(const char *source);

struct joules;

/* Opens what setup names; "auto" takes the first that works, and where none does (or with
 * "model") readings have an estimate only, with "none" not even that. A named source that
 * does not work is a fault with its remedy, and NULL. Texts of setup are copied. */
struct joules *joules_open(const struct joules_setup *setup, struct err_list *e);
void joules_close(struct joules *j); /* takes NULL */

/* One line for people: "energy source: powercap (package-0, dram), package, counter" or
 * "energy source: none (no powercap, no power PMU, VM); using model". */
const char *joules_line(const struct joules *j);

/* False: readings have an estimate at most. */
bool joules_measures(const struct joules *j);
enum energy_scope joules_scope(const struct joules *j); /* ENERGY_NOWHERE: measures nothing */

/* Tries every source of the list on its own, whether it would be taken or not. */
struct joules_probe {
	const char *source, *about;
	bool works;
	char text[256]; /* what it sees; or why it does not work, with the remedy */
};
enum { JOULES_PROBES = 7 };
void joules_probe(const struct joules_setup *setup, struct joules_probe probe[JOULES_PROBES]);

/* The shortest window whose ends leave no more than about a hundredth open, s; 0: nothing
 * is measured, so that no window needs to be longer than it is. */
double joules_window_s(const struct joules *j);

struct energy {
	double measured_j;  /* within the window; NAN: no data, why says it */
	double power_w;     /* measured_j over span_s */
	double idle_j;      /* of the last idle window, for span_s; NAN: none was taken */
	double net_j;       /* measured_j - idle_j */
	double error_j;     /* what edges and steps of the meter leave open */
	double other_j;     /* by the meter's other method, to compare; NAN: it has one only */
	double span_s;      /* between the two readings */
	double work_s;      /* between joules_begin's return and joules_end's call */
	double sampler_s;   /* processor time that the thread took */
	double estimate_j;  /* for work_s; NAN: no --tdp or no --idle */
	double estimate_low_j, estimate_high_j; /* at rest and at full load */
	const char *source; /* "powercap"; "model" when only an estimate; "none" */
	enum energy_scope scope;
	enum energy_method method;
	char why[192];      /* "" or why nothing was measured although there is a source */
};

/* Spins or sleeps until the counter steps, then counts. */
void joules_begin(struct joules *j);

/* utilisation is the share of all processors (or of the accelerator) that was busy, for
 * the estimate idle + utilisation (tdp - idle). */
void joules_end(struct joules *j, double utilisation, struct energy *r);

/* Sleeps through a window of that length and keeps its power for later readings; the
 * machine must have nothing to do. Does nothing when nothing is measured. False when
 * the meter gave nothing. */
bool joules_idle(struct joules *j, double length_s);

#endif
