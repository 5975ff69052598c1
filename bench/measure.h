/* Timing for the benchmarks: processor time of this thread, several samples. */
#ifndef HEARTH_BENCH_MEASURE_H
#define HEARTH_BENCH_MEASURE_H

/* Processor time that the calling thread has used, s. What else runs on the
 * machine costs it caches and memory bandwidth only. */
double measure_cpu_s(void);

/* Lowest and middle of n > 0 samples, which are sorted in place. The lowest is
 * what the code can do, the middle what this machine did today. */
struct measure {
	double best, median;
};
struct measure measure_of(double *sample, int n);

#endif
