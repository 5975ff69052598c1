/* What every unit test includes: Criterion, with its macros' conversions quiet. */
#ifndef HEARTH_TESTS_UNIT_H
#define HEARTH_TESTS_UNIT_H

#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wundef"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#endif
