/* What benchmarks measure, and what is said of several measurements. */
#ifndef HEARTH_BENCH_MEASURE_H
#define HEARTH_BENCH_MEASURE_H

/* Time that has passed, s, from an arbitrary origin. */
double measure_wall_s(void);

/* Processor time that the calling thread has used, s; all threads of this process
 * together. What else runs on the machine costs such a time caches and memory
 * bandwidth only. */
double measure_cpu_s(void);
double measure_process_cpu_s(void);

/* How often the kernel has taken a processor from a thread of this process so far. */
long measure_switches(void);

/* Of n > 0 samples, which are sorted in place; none is left out. The lowest is what the
 * code can do, the middle what this machine did today. mad is the median of the distances
 * from the median, not scaled; quantiles lie on the line between neighbours (Hyndman and
 * Fan 1996, "Sample quantiles in statistical packages", type 7). */
struct measure {
	double best, p10, median, p90, mad;
	int n;
};
struct measure measure_of(double *sample, int n);

#endif
