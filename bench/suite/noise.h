/* Was the machine quiet enough? Verdicts on rows and on a whole run, from what was
 * measured; functions of their arguments only.
 *
 * A row is noisy when
 *   - its threads had less than 97 % of their wall time on a processor: others did;
 *   - the kernel took a processor from them 50 times a second and thread or more (a free
 *     machine does so a few times; a rival costs 100 and more);
 *   - the MAD of its samples is above 5 % of their median;
 *   - the medians of its first and of its second half differ by more than 5 % and by more
 *     than three of either half's MAD: the machine became another meanwhile.
 * The first two are not asked of work that another device does (bench_row.device).
 *
 * A run is noisy when
 *   - others' processes used 0.1 processors or more on average, or the hypervisor took 2 %
 *     of the processors' time. Steal alone proves nothing when it is low: few hypervisors
 *     tell it;
 *   - the first case, repeated at the end, took 5 % more or less time, or the clock's proxy
 *     changed by 5 %;
 *   - a quarter of its rows are noisy.
 * The load average is kept but not judged: it remembers what ran a minute ago. */
#ifndef HEARTH_BENCH_SUITE_NOISE_H
#define HEARTH_BENCH_SUITE_NOISE_H

#include "bench/suite/machine.h"
#include "bench/suite/record.h"

/* Sets noisy and why. */
void noise_judge_row(struct bench_row *r);

/* Sets others_frac and steal_frac; NAN where no time has passed. */
void noise_load(struct bench_context *c, const struct machine_load *before,
    const struct machine_load *after);

/* Sets the context's noisy and noise, from its numbers and the rows' verdicts. */
void noise_judge(struct bench_file *f);

#endif
