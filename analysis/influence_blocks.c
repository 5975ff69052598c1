#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/influence_parts.h"
#include "base/mem.h"

enum { BLOCKS_LEAST = 2 };

static bool same(const struct influence_input *in, size_t row, size_t other, size_t axis)
{
	return !strcmp(in->value[row * in->axes + axis], in->value[other * in->axes + axis]);
}

/* Whether axis j of the k-th mixture is from B where j = k and from A elsewhere. */
static bool is_block(const struct influence_input *in, size_t a)
{
	size_t b = a + in->axes + 1;
	for (size_t k = 0; k < in->axes; k++)
		for (size_t j = 0; j < in->axes; j++)
			if (!same(in, a + 1 + k, j == k ? b : a, j)) return false;
	return true;
}

static bool is_whole(const double *y, size_t rows)
{
	for (size_t i = 0; i < rows; i++)
		if (isnan(y[i])) return false;
	return true;
}

bool influence_of_blocks(struct influence_work *w, struct influence *f, const char **why)
{
	size_t rows = f->axes + 2;
	double *y = mem_new(f->settings, sizeof *y);
	struct sobol_axis *share = mem_new(f->axes, sizeof *share);
	bool in_order = f->settings % rows == 0;
	f->group = "block";
	f->groups = f->settings / rows;
	for (size_t i = 0; i < f->groups && in_order; i++) {
		in_order = is_block(w->in, i * rows);
		if (!is_whole(w->mean + i * rows, rows)) continue;
		memcpy(y + f->groups_used++ * rows, w->mean + i * rows, rows * sizeof *y);
	}
	bool enough = in_order && f->groups_used >= BLOCKS_LEAST;
	if (enough) {
		sensitivity_sobol(y, f->groups_used, f->axes, w->in->seed, share);
		f->first_sum = 0;
	} else
		*why = in_order ? "fewer than two blocks are whole; run the study again"
				: INFLUENCE_NOT_IN_ORDER;
	for (size_t j = 0; enough && j < f->axes; j++) {
		f->axis[j].sobol = share[j];
		f->axis[j].size = share[j].total;
		f->first_sum += share[j].first.value;
	}
	free(share);
	free(y);
	return enough;
}
