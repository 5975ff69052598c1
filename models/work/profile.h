/* How busy the hours of a day are, relative to the busiest. */
#ifndef HEARTH_MODELS_WORK_PROFILE_H
#define HEARTH_MODELS_WORK_PROFILE_H

/* The words of attribute `profile` are in this order. */
enum profile { PROFILE_FLAT, PROFILE_EVENING, PROFILE_OFFICE, PROFILES };
#define PROFILE_WORDS "flat evening office"

/* The factor at a local time, seconds since any midnight (before it: negative):
 * 0 to 1, constant within an hour; the busiest hour has 1. All days are alike. */
double profile_factor(enum profile p, double local_s);

#endif
