#include "tests/unit.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "models/work/trace.h"
#include "models/work/workload.h"

#define HOUR_NS (3600 * 1000000000LL)

/* A <workload> element without a file. */
struct element {
	struct workload_par par;
	struct err_pos pos[32]; /* of its attributes: as if none were written */
	struct object o;
	struct err_list *e;
};

static void element_fini(struct element *m)
{
	err_free(m->e);
}

static void element_init(struct element *m)
{
	char why[160];
	*m = (struct element){
		.par = { .repeat = 1,
		    .period_s = NAN,
		    .rate_hz = NAN,
		    .bytes_per_token = 4,
		    .think = { .kind = DIST_CONST, .a = NAN },
		    .arrivals = ARRIVALS_GAMMA,
		    .burstiness = 1,
		    .idc = NAN,
		    .timescale_s = NAN,
		    .peak_hz = NAN },
		.o = { .cls = &workload_class, .pos = { "s.xml", 3, 1 } },
	};
	m->e = err_new();
	m->o.par = &m->par;
	m->o.attr_pos = m->pos;
	for (const struct attr *a = workload_class.attrs; a->about; a++) {
		struct dist *d = !strcmp(a->name, "prompt") ? &m->par.prompt : &m->par.output;
		if (a->kind == ATTR_KIND_DIST && *a->def)
			cr_assert(dist_parse(a->def, a->dim, a->min, a->max, d, why, sizeof why),
			    "%s", why);
	}
}

/* A trace in hearth's own form with those rows, whose columns may have a fourth. */
static const char *trace_file(const char *fourth, const char *rows)
{
	static char path[] = "/tmp/hearth-workload-XXXXXX";
	int fd = mkstemp(path);
	cr_assert(fd >= 0);
	FILE *f = fdopen(fd, "w");
	fprintf(f, "arrival_s,prompt_tokens,output_tokens%s\n%s", fourth, rows);
	fclose(f);
	return path;
}

static struct workload *build(struct element *m, uint32_t homes, double start_s, int64_t horizon_ns)
{
	struct workload *w = workload_build(&m->o, 7, homes, start_s, horizon_ns, m->e);
	cr_expect_eq(w == NULL, err_count(m->e) > 0);
	if (!w) err_print(m->e, stderr);
	return w;
}

static void expect_times(const struct workload *w, const double *s, size_t n)
{
	cr_assert_eq(w->count, n);
	for (size_t i = 0; i < n; i++)
		cr_expect_eq(w->request[i].sent_ns, llround(s[i] * 1e9), "request %zu", i);
}

Test(workload, copies_begin_one_mean_gap_after_the_last_request)
{
	struct element m;
	element_init(&m);
	m.par.trace = trace_file("", "0.5,10,3\n1,11,3\n2.5,12,3\n");
	m.par.repeat = 2;
	struct workload *w = build(&m, 0, 0, INT64_MAX);
	/* three requests in 2 s: mean gap 1 s, so the second copy begins at 3.5 s */
	expect_times(w, (const double[]){ 0.5, 1, 2.5, 4, 4.5, 6 }, 6);
	cr_expect_eq(w->request[4].prompt_tokens, 11);
	cr_expect_eq(w->bytes_per_token, 4);
	cr_expect_eq(strlen(w->trace_sha256), 64);
	workload_free(w);
	unlink(m.par.trace);
	element_fini(&m);
}

Test(workload, a_period_sets_where_copies_begin)
{
	struct element m;
	element_init(&m);
	m.par.trace = trace_file("", "0.5,10,3\n7,11,3\n");
	m.par.repeat = 3;
	m.par.period_s = 7; /* the last request falls on a multiple: the next one is taken */
	struct workload *w = build(&m, 0, 0, llround(28.5e9)); /* the end is not part of it */
	expect_times(w, (const double[]){ 0.5, 7, 14.5, 21 }, 4);
	workload_free(w);
	unlink(m.par.trace);
	element_fini(&m);
}

Test(workload, a_higher_rate_runs_the_trace_faster)
{
	struct element m;
	element_init(&m);
	m.par.trace = trace_file("", "0,10,3\n1,11,3\n3,12,3\n");
	m.par.repeat = 2;
	m.par.rate_hz = 2; /* the trace has 3 requests in 4.5 s: 3 times as fast */
	struct workload *w = build(&m, 0, 0, INT64_MAX);
	expect_times(w, (const double[]){ 0, 1 / 3.0, 1, 1.5, 1.5 + 1 / 3.0, 2.5 }, 6);
	workload_free(w);
	unlink(m.par.trace);
	element_fini(&m);
}

/* A Poisson count of mean n has the standard deviation sqrt(n): 4 of them. */
static void expect_count(size_t count, double mean)
{
	cr_expect(fabs((double)count - mean) < 4 * sqrt(mean), "%zu for %g", count, mean);
}

Test(workload, synthetic_requests_have_rate_burstiness_and_lengths)
{
	static const double cvs[] = { 1, 0.4, 3 };
	for (size_t k = 0; k < 3; k++) {
		struct element m;
		element_init(&m);
		m.par.rate_hz = 3;
		m.par.burstiness = cvs[k];
		m.par.requests = 30011;
		struct workload *w = build(&m, 0, 0, INT64_MAX);
		double sum = 0, squares = 0, prompt = 0, output = 0, n = w->count;
		cr_assert_eq(w->count, 30011);
		for (uint32_t i = 0; i < w->count; i++) {
			double gap =
			    (double)(w->request[i].sent_ns - (i ? w->request[i - 1].sent_ns : 0)) /
			    1e9;
			sum += gap;
			squares += gap * gap;
			prompt += w->request[i].prompt_tokens;
			output += w->request[i].output_tokens;
			cr_assert_eq(w->request[i].origin, ORIGIN_OUTSIDE);
		}
		double mean = sum / n, cv = sqrt(squares / n - mean * mean) / mean;
		/* standard error of the mean gap: cv / sqrt(n); of the cv itself, for gamma
		 * gaps, below 0.04 cv at this n */
		cr_expect(fabs(mean * 3 - 1) < 4 * cvs[k] / sqrt(n), "%g", mean);
		cr_expect(fabs(cv / cvs[k] - 1) < 0.06, "%g for %g", cv, cvs[k]);
		/* the Azure conversation trace's means, 1155 and 211 tokens */
		cr_expect(fabs(prompt / n / 1155 - 1) < 0.02, "%g", prompt / n);
		cr_expect(fabs(output / n / 211 - 1) < 0.04, "%g", output / n);
		workload_free(w);
		err_free(m.e);
	}
}

Test(workload, thinning_follows_the_hour_and_keeps_the_candidates)
{
	struct element m;
	element_init(&m);
	m.par.rate_hz = 1;
	struct workload *all = build(&m, 0, 18 * 3600, 6 * HOUR_NS);
	m.par.profile = PROFILE_OFFICE;
	struct workload *some = build(&m, 0, 18 * 3600, 6 * HOUR_NS);
	expect_count(all->count, 6 * 3600);
	/* 18 to 24 o'clock at the office: 0.4 0.4 0.1 0.1 0.05 0.05 of 0.95 */
	expect_count(some->count, 3600 * 1.1 / 0.95);
	size_t k = 0;
	for (uint32_t i = 0; i < all->count && k < some->count; i++)
		if (!memcmp(&all->request[i], &some->request[k], sizeof *all->request)) k++;
	cr_expect_eq(k, some->count); /* each of the few is one of the many, unchanged */
	workload_free(all);
	workload_free(some);
	element_fini(&m);
}

/* Ten o'clock falls into the second of three windows of four hours; the table is in
 * requests a second and begins anew after twelve hours. */
Test(workload, a_table_of_rates_is_followed)
{
	static const double rate_hz[] = { 0.7, 0.3, 0.1 };
	char path[] = "/tmp/hearth-rates-XXXXXX";
	FILE *f = fdopen(mkstemp(path), "w");
	fputs("window_start_s,other,rate\n0,9,0.7\n14400,9,0.3\n28800,9,0.1\n", f);
	fclose(f);
	struct element m;
	element_init(&m);
	m.par.rates = path;
	m.par.rates_column = "rate";
	m.par.arrivals = ARRIVALS_POISSON;
	workload_class.check(&m.o, m.e);
	struct workload *w = build(&m, 0, 6 * 3600, 24 * HOUR_NS);
	int count[6] = { 0 };
	for (uint32_t i = 0; i < w->count; i++) {
		int64_t hour = 6 + w->request[i].sent_ns / HOUR_NS;
		if (hour >= 8 && hour < 28) count[hour / 4 - 2]++;
	}
	for (int k = 0; k < 5; k++) expect_count((size_t)count[k], 14400 * rate_hz[(k + 2) % 3]);
	workload_free(w);
	m.par.rate_hz = 0.07; /* the table is relative to it */
	w = build(&m, 0, 0, 4 * HOUR_NS);
	expect_count(w->count, 14400 * 0.07);
	workload_free(w);
	m.par.profile = PROFILE_OFFICE; /* two say how busy it is */
	workload_class.check(&m.o, m.e);
	cr_expect_eq(err_count(m.e), 1);
	unlink(path);
	element_fini(&m);
}

Test(workload, bursts_of_a_modulated_process_are_drawn)
{
	struct element m;
	element_init(&m);
	m.par.rate_hz = 3;
	m.par.arrivals = ARRIVALS_MMPP;
	cr_expect(workload_build(&m.o, 7, 0, 0, HOUR_NS, m.e) == NULL); /* without figures */
	cr_expect_eq(err_count(m.e), 1);
	element_fini(&m);
	element_init(&m);
	m.par.rate_hz = 3;
	m.par.arrivals = ARRIVALS_MMPP;
	m.par.idc = 21;
	m.par.timescale_s = 5;
	workload_class.check(&m.o, m.e);
	struct workload *w = build(&m, 0, 0, 24 * HOUR_NS);
	double mean = 3 * 86400; /* of the count, whose variance is 21 times that */
	cr_expect(fabs(w->count - mean) < 4 * sqrt(21 * mean), "%u", w->count);
	workload_free(w);
	m.par.arrivals = ARRIVALS_GAMMA; /* of which these figures are not */
	workload_class.check(&m.o, m.e);
	cr_expect_eq(err_count(m.e), 1);
	element_fini(&m);
}

Test(workload, a_lower_rate_thins_a_trace)
{
	struct element m;
	element_init(&m);
	char *rows = mem_new(20000, 16), *to = rows;
	for (int i = 0; i < 7200; i++) to += sprintf(to, "%d,5,7\n", i);
	m.par.trace = trace_file("", rows);
	m.par.rate_hz = 0.25; /* of 1/s */
	struct workload *w = build(&m, 0, 0, INT64_MAX);
	expect_count(w->count, 1800);
	workload_free(w);
	unlink(m.par.trace);
	free(rows);
	element_fini(&m);
}

Test(workload, homes_ask_alike_unless_the_trace_knows_who)
{
	struct element m;
	element_init(&m);
	m.par.rate_hz = 1;
	m.par.requests = 7000;
	struct workload *w = build(&m, 7, 0, INT64_MAX);
	size_t of[7] = { 0 };
	for (uint32_t i = 0; i < w->count; i++) of[w->request[i].origin]++;
	for (int h = 0; h < 7; h++) expect_count(of[h], 1000);
	workload_free(w);
	m.par.origin = ORIGIN_RULE_OUTSIDE;
	w = build(&m, 7, 0, INT64_MAX);
	for (uint32_t i = 0; i < w->count; i++) cr_assert_eq(w->request[i].origin, ORIGIN_OUTSIDE);
	workload_free(w);
	element_fini(&m);
	element_init(&m);
	m.par.trace = trace_file(",origin", "1,5,7,3\n2,5,7,outside\n");
	w = build(&m, 7, 0, INT64_MAX);
	cr_expect_eq(w->request[0].origin, 3);
	cr_expect_eq(w->request[1].origin, ORIGIN_OUTSIDE);
	workload_free(w);
	cr_expect(workload_build(&m.o, 7, 3, 0, INT64_MAX, m.e) == NULL); /* homes 0, 1, 2 */
	unlink(m.par.trace);
	element_fini(&m);
}

Test(workload, copies_share_no_prefixes)
{
	struct element m;
	element_init(&m);
	char path[] = "/tmp/hearth-workload-XXXXXX";
	FILE *f = fdopen(mkstemp(path), "w");
	fprintf(f, "{\"timestamp\": 0, \"input_length\": 600, \"output_length\": 5, "
		   "\"hash_ids\": [4, 9]}\n{\"timestamp\": 1000, \"input_length\": 5, "
		   "\"output_length\": 5, \"hash_ids\": [4]}\n");
	fclose(f);
	m.par.trace = path;
	m.par.repeat = 2;
	struct workload *w = build(&m, 0, 0, INT64_MAX);
	static const uint64_t ids[] = { 4, 9, 4, 14, 19, 14 }; /* the second copy's: 10 more */
	cr_assert_eq(w->prefixes, 6);
	for (size_t i = 0; i < 6; i++) cr_expect_eq(w->prefix[i], ids[i]);
	cr_expect_eq(w->request[3].prefix_first, 5);
	cr_expect_eq(w->request[3].prefix_count, 1);
	workload_free(w);
	unlink(path);
	element_fini(&m);
}

Test(workload, objectives_are_found_in_their_order)
{
	struct element m;
	struct service_limits limits[] = { { NULL, 1.5, NAN, 30 }, { "batch", NAN, NAN, 700 } };
	struct object slo[] = { { .cls = &slo_class, .par = &limits[0], .next = &slo[1] },
		{ .cls = &slo_class, .par = &limits[1] } };
	element_init(&m);
	m.par.rate_hz = 1;
	m.par.requests = 3;
	struct workload *w = build(&m, 0, 0, INT64_MAX);
	cr_expect_eq(w->slos, 0);
	workload_free(w);
	m.o.child = slo;
	w = build(&m, 0, 0, INT64_MAX);
	cr_assert_eq(w->slos, 2);
	cr_expect(w->slo[0].ttft_s == 1.5 && isnan(w->slo[0].tpot_s));
	cr_expect_str_eq(w->slo[1].name, "batch");
	cr_expect_eq(w->slo[1].e2e_s, 700);
	workload_free(w);
	element_fini(&m);
}

Test(workload, objectives_need_limits_and_names_of_their_own)
{
	static const struct {
		struct service_limits first, second;
		size_t faults; /* of the second */
	} row[] = {
		{ { NULL, 1, NAN, NAN }, { NULL, NAN, NAN, NAN }, 2 }, /* no limit, and no name */
		{ { NULL, 1, NAN, NAN }, { "chat", 1, NAN, NAN }, 0 },
		{ { "chat", 1, NAN, NAN }, { NULL, NAN, 3, NAN }, 0 },
		{ { "chat", 1, NAN, NAN }, { "Chat", NAN, 3, NAN }, 1 },
		{ { "chat", 1, NAN, NAN }, { "a/b", NAN, 3, NAN }, 1 },
		{ { "chat", 1, NAN, NAN }, { "a.b", NAN, 3, NAN }, 1 },
		{ { "chat", 1, NAN, NAN }, { "", NAN, 3, NAN }, 1 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct service_limits limits[] = { row[i].first, row[i].second };
		struct element m;
		element_init(&m);
		struct err_pos pos[4] = { { 0 } }; /* of the four attributes */
		struct object slo[] = {
			{ .cls = &slo_class, .par = &limits[0], .next = &slo[1], .parent = &m.o,
			    .attr_pos = pos },
			{ .cls = &slo_class, .par = &limits[1], .parent = &m.o, .attr_pos = pos },
		};
		m.o.child = slo;
		slo_class.check(&slo[0], m.e);
		cr_expect_eq(err_count(m.e), 0, "row %zu", i);
		slo_class.check(&slo[1], m.e);
		cr_expect_eq(err_count(m.e), row[i].faults, "row %zu", i);
		element_fini(&m);
	}
}

Test(workload, what_makes_no_sense_is_refused)
{
	struct element m;
	element_init(&m);
	workload_class.check(&m.o, m.e); /* neither trace nor rate */
	cr_expect_eq(err_count(m.e), 1);
	element_fini(&m);
	element_init(&m);
	m.par.rate_hz = 1; /* no end */
	cr_expect(workload_build(&m.o, 7, 0, 0, INT64_MAX, m.e) == NULL);
	m.par.origin = ORIGIN_RULE_HOMES; /* of no homes */
	cr_expect(workload_build(&m.o, 7, 0, 0, HOUR_NS, m.e) == NULL);
	cr_expect_eq(err_count(m.e), 2);
	element_fini(&m);
	element_init(&m);
	m.par.trace = trace_file("", "3,5,7\n3,5,7\n");
	m.par.repeat = 2; /* of no length */
	cr_expect(workload_build(&m.o, 7, 0, 0, INT64_MAX, m.e) == NULL);
	cr_expect_eq(err_count(m.e), 1);
	unlink(m.par.trace);
	element_fini(&m);
}

/* The resolved scenario writes every attribute, so this cannot be a fault. */
Test(workload, a_length_law_beside_a_trace_is_remarked)
{
	struct element m;
	element_init(&m);
	m.par.trace = "hour.csv";
	for (const struct attr *a = workload_class.attrs; a->about; a++)
		if (!strcmp(a->name, "prompt"))
			m.pos[a - workload_class.attrs] = (struct err_pos){ "s.xml", 3, 33 };
	workload_class.check(&m.o, m.e);
	cr_expect_eq(err_count(m.e), 0);
	char shown[256] = "";
	FILE *f = fmemopen(shown, sizeof shown, "w");
	err_print(m.e, f);
	fclose(f);
	cr_expect_str_eq(shown, "s.xml:3:33: warning: workload: prompt= has no effect here: it is "
				"for requests without a trace\n");
	element_fini(&m);
}

Test(workload, seeds_and_names_differ_and_repeat)
{
	struct element m;
	element_init(&m);
	m.par.rate_hz = 1;
	m.par.requests = 11;
	struct workload *a = workload_build(&m.o, 7, 3, 0, INT64_MAX, m.e);
	struct workload *b = workload_build(&m.o, 7, 3, 0, INT64_MAX, m.e);
	struct workload *c = workload_build(&m.o, 8, 3, 0, INT64_MAX, m.e);
	m.o.name = "chat";
	struct workload *d = workload_build(&m.o, 7, 3, 0, INT64_MAX, m.e);
	size_t bytes = 11 * sizeof *a->request;
	cr_expect_eq(memcmp(a->request, b->request, bytes), 0);
	cr_expect_neq(a->request[0].sent_ns, c->request[0].sent_ns);
	cr_expect_neq(a->request[0].sent_ns, d->request[0].sent_ns);
	workload_free(a);
	workload_free(b);
	workload_free(c);
	workload_free(d);
	element_fini(&m);
}

Test(profile, the_busiest_hour_has_one)
{
	for (enum profile p = 0; p < PROFILES; p++) {
		double most = 0;
		for (int h = 0; h < 24; h++) {
			double f = profile_factor(p, 3600.0 * h + 1);
			cr_expect(f >= 0 && f <= 1);
			most = fmax(most, f);
			cr_expect_eq(f, profile_factor(p, 3600.0 * (h + 24 * 3) + 3599));
			cr_expect_eq(f, profile_factor(p, 3600.0 * (h - 24)));
		}
		cr_expect_eq(most, 1);
	}
	cr_expect_eq(profile_factor(PROFILE_EVENING, 20.5 * 3600), 1);
}

/* The evening profile is what its comment says, from the released rates. */
Test(profile, evening_is_the_measured_day)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *path = mem_print("%s/data/traces/servegen_rate_10min.csv", shared ? shared : "");
	struct err_list *e = err_new();
	size_t size;
	char *text = file_read(path, SIZE_MAX, &size, e);
	if (!text) cr_skip_test("the released rates are not here ($HEARTH_SHARED)");
	double sum[3][24] = { { 0 } }, day[24] = { 0 }, most = 0;
	struct csv c;
	csv_init(&c, text, size);
	cr_assert_eq(csv_next(&c), CSV_ROW);
	while (csv_next(&c) == CSV_ROW)
		for (int k = 0; k < 3; k++) {
			double begin_s, rate;
			cr_assert(text_to_number(c.field[0].text, &begin_s));
			cr_assert(text_to_number(c.field[k + 1].text, &rate));
			sum[k][(int)(begin_s / 3600) % 24] += rate;
		}
	for (int k = 0; k < 3; k++) {
		double total = 0;
		for (int h = 0; h < 24; h++) total += sum[k][h];
		for (int h = 0; h < 24; h++) day[h] += sum[k][h] / total;
	}
	for (int h = 0; h < 24; h++) most = fmax(most, day[h]);
	for (int h = 0; h < 24; h++)
		cr_expect(
		    fabs(profile_factor(PROFILE_EVENING, 3600.0 * h) - day[h] / most) < 5.1e-4,
		    "hour %d: %.4f", h, day[h] / most);
	free(text);
	free(path);
	err_free(e);
}

#define CHAT_HOUR_REMARK                                                                           \
	"One hour of chat, made for hearth and free of any recorded text: <workload rate=\"600 "   \
	"1/h\"\n"                                                                                  \
	"burstiness=\"1.09\" origin=\"outside\"/> with seed 2026, times rounded to "               \
	"milliseconds.\n"                                                                          \
	"Burstiness and the laws of the lengths are those of the Azure 2023 conversation trace\n"  \
	"(Patel et al. 2024); the rate is of our choosing. `make check` makes it again."

/* The shipped hour is what its remark says. To write it anew after a change of
 * the laws: HEARTH_WRITE=data/chat-hour.csv tests/test_workload */
Test(workload, the_shipped_hour_of_chat)
{
	struct element m;
	element_init(&m);
	m.par.rate_hz = 600 / 3600.0;
	m.par.burstiness = 1.09;
	m.par.origin = ORIGIN_RULE_OUTSIDE;
	struct workload *w = workload_build(&m.o, 2026, 0, 0, HOUR_NS, m.e);
	for (uint32_t i = 0; i < w->count; i++)
		w->request[i].sent_ns = w->request[i].sent_ns / 1000000 * 1000000;
	char *made, *shipped;
	size_t size, shipped_size;
	FILE *f = open_memstream(&made, &size);
	trace_write(w->request, w->count, CHAT_HOUR_REMARK, f);
	fclose(f);
	const char *write_to = getenv("HEARTH_WRITE");
	if (write_to) cr_assert(file_write(write_to, made, size, m.e));
	shipped = file_read(HEARTH_SOURCE_DIR "/data/chat-hour.csv", SIZE_MAX, &shipped_size, m.e);
	cr_assert(shipped != NULL);
	cr_expect_str_eq(shipped, made);
	expect_count(w->count, 600);
	free(made);
	free(shipped);
	workload_free(w);
	element_fini(&m);
}
