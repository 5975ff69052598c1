/* The works that hearth bench measures of hearth itself give the results of their references.
 * Those on published feeders and traces are only where HEARTH_SHARED names a folder with them. */
#include "tests/unit.h"

#include "bench/suite/run.h"

/* Others' figures are in items of the case, so that a reader may divide. */
static void check_peers(const struct bench_row *r)
{
	for (const struct bench_row_peer *p = r->peer; p < r->peer + r->peers; p++)
		cr_expect(p->items_s > 100 && p->items_s < 1e9 && *p->conditions,
		    "%s beside %s", p->name, r->kernel);
}

Test(engine_bench, results_are_those_of_the_references)
{
	static const struct {
		const struct bench_group *group;
		size_t least; /* rows */
	} groups[] = { { &bench_queue, 6 }, { &bench_serving, 1 }, { &bench_grid, 1 },
		{ &bench_homes, 8 } };
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		struct bench_file f;
		struct suite_plan plan = { .group = &groups[i].group, .groups = 1, .quick = true,
			.threads = 1 };
		bench_file_init(&f);
		suite_run(&plan, &f);
		cr_expect_geq(f.rows, groups[i].least, "%s", groups[i].group->name);
		for (size_t k = 0; k < f.rows; k++) {
			cr_expect(bench_row_right(&f.row[k]), "%s, %s: error %g", f.row[k].kernel,
			    f.row[k].shape, f.row[k].error);
			check_peers(&f.row[k]);
		}
		bench_file_fini(&f);
	}
}
