/* Energy of a machine that nobody meters, from how busy it was.
 *
 * Power is taken as linear in utilisation between rest and full load, which fits whole
 * servers to a few percent (Fan, Weber and Barroso 2007, "Power provisioning for a
 * warehouse-sized computer", section 3.2, figure 5) but no single kernel: what waits for
 * memory draws less than what multiplies, and one busy core may take the whole machine's
 * boost. So the interval is what holds for all of them, rest to full load. */
#ifndef HEARTH_BENCH_JOULES_ESTIMATE_H
#define HEARTH_BENCH_JOULES_ESTIMATE_H

struct estimate {
	double j, low_j, high_j;
};

/* Of `time_s` at a utilisation from 0 to 1 (what lies outside is taken as the nearer of
 * them). All NAN when one of the powers is. */
struct estimate estimate_energy(double idle_w, double tdp_w, double utilisation, double time_s);

#endif
