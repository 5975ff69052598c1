/* How this program was built; bench/suite/build.c is written by configure. */
#ifndef HEARTH_BENCH_SUITE_BUILD_H
#define HEARTH_BENCH_SUITE_BUILD_H

extern const char build_flags[]; /* of the compiler, as given to configure and its own */

#endif
