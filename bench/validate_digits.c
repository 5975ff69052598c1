/* The classifier of handwritten digits, with and without spikes. */
#include <math.h>
#include <unistd.h>

#include "bench/spiking/classifier.h"
#include "bench/validate_spiking.h"

enum { STEPS = 64 };

/* Of the digits that nothing was learnt from. */
static void compare(struct validate_job *j, struct classifier *c)
{
	double ann = mlp_accuracy(c->net[0], &c->digits.test);
	struct converted n = convert(c->net[0], &c->digits.train, &conversion_usual);
	struct spiking_score snn = converted_score(&n, &c->digits.test, STEPS);
	converted_free(&n);
	struct validate_row row = { .table = "digits.csv.gz", .dim = DIM_FRACTION };
	row.what = "digits known by a perceptron of " CLASSIFIER_WIDTHS;
	row.low = row.high = NAN;
	row.ours = ann;
	validate_figure(j, row);
	row.what = "the same by its spikes in 64 steps, beside the perceptron";
	row.low = row.high = ann;
	row.ours = snn.accuracy;
	row.limit_frac = 0.02;
	validate_figure(j, row);
}

const char *validate_spiking_lacks(void)
{
	return access(DIGITS_PATH, R_OK) ? "no " DIGITS_PATH ": the network that hearth trains was "
					   "not checked; install python3-sklearn for it"
					 : NULL;
}

void validate_digits(struct validate_job *j)
{
	struct classifier c;
	if (validate_spiking_lacks()) return;
	if (classifier_learn(&c, DIGITS_PATH, j->e)) compare(j, &c);
	classifier_free(&c);
}
