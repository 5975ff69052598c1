#include "analysis/marginal.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/show.h"
#include "base/mem.h"

bool marginal_is_known(const struct marginal_rows *r, size_t i)
{
	return !isnan(r->score[i]) && !isnan(r->against_score[i]);
}

struct marginal_rows marginal_rows(const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "marginal");
	struct marginal_rows r = {
		.node = ds_data(g, "node", DS_TEXT),
		.against = ds_data(g, "against", DS_TEXT),
		.benchmark = ds_data(g, "benchmark", DS_TEXT),
		.verdict = ds_data(g, "verdict", DS_TEXT),
		.per_kj = ds_data(g, "correct_per_kj", DS_F64),
		.score = ds_data(g, "score", DS_F64),
		.against_score = ds_data(g, "against_score", DS_F64),
		.answer_j = ds_data(g, "energy_per_answer", DS_F64),
		.against_answer_j = ds_data(g, "against_energy_per_answer", DS_F64),
		.busy_j = ds_data(g, "busy_energy_per_answer", DS_F64),
		.against_busy_j = ds_data(g, "against_busy_energy_per_answer", DS_F64),
	};
	bool whole = r.node && r.against && r.benchmark && r.verdict && r.per_kj && r.score &&
		     r.against_score && r.answer_j && r.against_answer_j && r.busy_j &&
		     r.against_busy_j;
	r.n = whole ? ds_rows(g, "node") : 0;
	for (size_t i = 0; i < r.n; i++) r.unknown += !marginal_is_known(&r, i);
	return r;
}

char *marginal_sentence(const struct marginal_rows *r, size_t i)
{
	char value[SHOW_SIZE];
	char *gain = isnan(r->per_kj[i]) ? mem_text(r->verdict[i])
					 : mem_print("%s more correct for each kJ more",
					       show_value(r->per_kj[i], "1", value));
	char *text =
	    mem_print("%s instead of %s: %s (%s%s%.3g against %.3g %%; %.3g against %.3g kJ "
		      "an answer, busy %.3g against %.3g kJ)",
		r->node[i], r->against[i], gain, r->benchmark[i], *r->benchmark[i] ? " " : "",
		100 * r->score[i], 100 * r->against_score[i], 1e-3 * r->answer_j[i],
		1e-3 * r->against_answer_j[i], 1e-3 * r->busy_j[i], 1e-3 * r->against_busy_j[i]);
	free(gain);
	return text;
}
