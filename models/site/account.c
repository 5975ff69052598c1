#include "models/site/account.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/metric.h"

#define TOKEN_SOURCE                                                                               \
	"ML.ENERGY benchmark (Chung et al. 2025): energy over output tokens, here with "           \
	"the boundary named and idle time included"
#define BOUNDARY_SOURCE "boundaries as in Google 2025, \"Measuring the environmental impact of " \
			"delivering AI at Google scale\""

#define SCORE_SOURCE                                                                               \
	"score= of <model>, whose attribute benchmark it is; accuracy over energy per query"
#define IPW_SOURCE                                                                                 \
	"Saad-Falcon et al. 2025 (intelligence per watt), with mean power over the run, idle "     \
	"time included"

#define HAWKES_SOURCE "Hawkes 2010, Energy Policy 38, 5977-5987: marginal emissions rate"

/* Boundary, whose energy it is, and what is counted with it. */
#define BOUNDARY_LIST(X)                                                                           \
	X(device, "accelerator", "")                                                               \
	X(node, "node", "")                                                                        \
	X(site, "site", "")                                                                        \
	X(grid, "site", ", with grid losses")

extern const struct metric energy_metrics[];
const struct metric energy_metrics[] = {
	{ "energy.device_j", "J", "energy used by accelerator boards, idle time included",
	    "integral of board power over the run", BOUNDARY_SOURCE, LOWER_IS_BETTER },
	{ "energy.node_j", "J", "energy at the inlets of the nodes' power supplies",
	    "integral of (board + host power) / supply efficiency", BOUNDARY_SOURCE,
	    LOWER_IS_BETTER },
	{ "energy.site_j", "J",
	    "energy of the nodes with cooling and their share of inverter and storage losses",
	    "own + own / (own + other uses + given back) * conversion losses, by step; "
	    "own = node + cooling",
	    BOUNDARY_SOURCE, LOWER_IS_BETTER },
	{ "energy.grid_j", "J", "energy of the nodes with their share of grid losses",
	    "site + own / (own + other uses + given back) * (line + transformer losses) + own / "
	    "(own + other uses) * transmission losses, by step; own = node + cooling",
	    BOUNDARY_SOURCE, LOWER_IS_BETTER },
	{ "energy.device_idle_j", "J",
	    "energy used by accelerator boards while no request ran: idle, without a model, or "
	    "loading one",
	    "energy.device_j less the integral of board power while requests ran",
	    "models/compute/rest.h", LOWER_IS_BETTER },
	{ "energy.node_idle_j", "J",
	    "energy at the inlets of the nodes' power supplies while no request ran",
	    "energy.node_j less the integral of (board + host power) / supply efficiency while "
	    "requests ran",
	    "models/compute/rest.h", LOWER_IS_BETTER },
	{ "energy.cooling_j", "J",
	    "energy of cooling and other overhead of the sites of the nodes; part of the sites'",
	    "node * (PUE - 1) + base load, by site", BOUNDARY_SOURCE,
	    LOWER_IS_BETTER },
#define X(at, who, more)                                                                           \
	{ "energy." #at "_j_per_token", "J/token", who " energy per output token" more,            \
	    "energy." #at "_j / service.output_tokens", TOKEN_SOURCE, LOWER_IS_BETTER },
	BOUNDARY_LIST(X)
#undef X
#define X(at, who, more)                                                                           \
	{ "energy." #at "_j_per_token_all", "J/token",                                             \
	    who " energy per token, prompt and output" more,                                       \
	    "energy." #at "_j / (service.prompt_tokens + service.output_tokens)", TOKEN_SOURCE,    \
	    LOWER_IS_BETTER },
	BOUNDARY_LIST(X)
#undef X
#define X(at, who, more)                                                                           \
	{ "energy." #at "_j_per_request", "J", who " energy per finished request" more,            \
	    "energy." #at "_j / service.done", TOKEN_SOURCE, LOWER_IS_BETTER },
	BOUNDARY_LIST(X)
#undef X
#define X(at, who, more)                                                                           \
	{ "energy." #at "_tokens_per_j", "token/J",                                                \
	    "output tokens per joule of " who " energy" more,                                      \
	    "service.output_tokens / energy." #at "_j", TOKEN_SOURCE, HIGHER_IS_BETTER },
	BOUNDARY_LIST(X)
#undef X
	{ "score.expected_frac", "1",
	    "expected share of correct answers: that of the models in their benchmark, not of "
	    "this run's own requests, whose answers nobody has marked; of small and large models "
	    "that share the requests (<tiers>) too low where router or judge tell hard ones from "
	    "easy ones, too high where they do worse than chance, unless gap-recovered= says what "
	    "they do",
	    "mean over finished requests of the answering model's score=, less what its variant "
	    "loses: score-loss=, or what is above guessing divided by perplexity-ratio=; with "
	    "gap-recovered=, small + gap-recovered * (large - small) of the tiers' means",
	    SCORE_SOURCE, HIGHER_IS_BETTER },
#define X(at, who, more)                                                                           \
	{ "score." #at "_correct_per_kj", "1/kJ",                                                  \
	    "expected correct answers per kilojoule of " who " energy" more,                       \
	    "1000 * score.expected_frac / energy." #at "_j_per_request", SCORE_SOURCE,             \
	    HIGHER_IS_BETTER },
	BOUNDARY_LIST(X)
#undef X
#define X(at, who, more)                                                                           \
	{ "score." #at "_per_w", "1/W", "expected share of correct answers per watt of " who       \
	    " power" more,                                                                         \
	    "score.expected_frac / (energy." #at "_j / run length)", IPW_SOURCE,                   \
	    HIGHER_IS_BETTER },
	BOUNDARY_LIST(X)
#undef X
	{ "carbon.inference_kg", "kg",
	    "carbon dioxide of the energy that the bulk grid generated for the nodes",
	    "sum over steps of carbon intensity * generated for the site * own / (own + other "
	    "uses)",
	    "GHG Protocol Scope 2 Guidance (2015), location-based method", LOWER_IS_BETTER },
	{ "carbon.inference_marginal_kg", "kg",
	    "carbon dioxide that the bulk grid emitted because of the nodes, by what a little "
	    "less demand would have saved",
	    "sum over steps of marginal intensity * generated for the nodes", HAWKES_SOURCE,
	    LOWER_IS_BETTER },
	{ "carbon.inference_g_per_token", "g/token", "carbon dioxide per output token",
	    "1000 * carbon.inference_kg / service.output_tokens",
	    "GHG Protocol Scope 2 Guidance (2015), location-based method", LOWER_IS_BETTER },
	{ 0 },
};

static double part(double some, double all)
{
	return all > 0 ? some / all : 0;
}

void account_add(struct account *a, const struct account_step *s)
{
	double own_j = s->node_j + s->overhead_j, used_j = own_j + s->other_use_j;
	double of_use = part(own_j, used_j), of_flow = part(own_j, used_j + s->given_j);
	double site_j = own_j + of_flow * s->shared_loss_j;
	a->device_j += s->device_j;
	a->node_j += s->node_j;
	a->site_j += site_j;
	a->cooling_j += s->overhead_j;
	a->grid_j += site_j + of_flow * s->line_loss_j + of_use * s->import_loss_j;
	a->carbon_kg += of_use * s->generated_j * s->carbon.kg_per_j;
	a->marginal_kg += of_use * s->generated_j * s->carbon.marginal_kg_per_j;
}

/* The numbers of one boundary. */
struct boundary {
	const char *name;
	double joule;
};

static void put(struct dataset *d, const char *prefix, const struct boundary *b,
    const char *suffix, struct estimate x)
{
	char *key = mem_print("%s.%s_%s", prefix, b->name, suffix);
	metric_put(d, key, NULL, x);
	free(key);
}

static void put_per(struct dataset *d, const struct boundary *b, const char *suffix, int64_t n)
{
	if (n) put(d, "energy", b, suffix, estimate_exact(b->joule / (double)n, n));
}

static void put_correct_per_kj(struct dataset *d, const struct boundary *b,
    const struct account_served *s)
{
	if (!(b->joule > 0)) return;
	double each_j = b->joule / (double)s->requests;
	put(d, "score", b, "correct_per_kj",
	    estimate_exact(score_correct_per_kj(s->score.frac, each_j), s->requests));
}

static void put_per_w(struct dataset *d, const struct boundary *b, const struct account_served *s)
{
	if (!(b->joule > 0)) return;
	put(d, "score", b, "per_w",
	    estimate_exact(s->score.frac * s->run_s / b->joule, s->requests));
}

/* Says of every metric of the score which benchmark it is of. */
static void name_benchmark(struct dataset *d, const char *benchmark)
{
	struct ds_group *g = ds_group(d, "summary");
	for (size_t i = 0; i < g->vars; i++)
		if (!strncmp(g->var[i]->name, "score.", strlen("score.")))
			ds_attr_text(g, g->var[i]->name, "benchmark", benchmark);
}

static void export_scores(const struct boundary *b, size_t n, const struct account_served *s,
    struct dataset *d)
{
	if (!s->score.benchmark) return;
	metric_put(d, "score.expected_frac", NULL, estimate_exact(s->score.frac, s->requests));
	for (size_t i = 0; i < n; i++) put_correct_per_kj(d, &b[i], s);
	for (size_t i = 0; i < n; i++) put_per_w(d, &b[i], s);
	name_benchmark(d, s->score.benchmark);
}

void account_export(const struct account *a, const struct account_served *s,
    struct account_knows knows, struct dataset *d)
{
	const struct boundary b[] = { { "device", a->device_j }, { "node", a->node_j },
		{ "site", a->site_j }, { "grid", a->grid_j } };
	const size_t n = sizeof b / sizeof *b;
	int64_t out = s->output_tokens;
	for (size_t i = 0; i < n; i++) put(d, "energy", &b[i], "j", estimate_exact(b[i].joule, 1));
	metric_put(d, "energy.cooling_j", NULL, estimate_exact(a->cooling_j, 1));
	for (size_t i = 0; i < n; i++) put_per(d, &b[i], "j_per_token", out);
	for (size_t i = 0; i < n; i++) put_per(d, &b[i], "j_per_token_all", s->prompt_tokens + out);
	for (size_t i = 0; i < n; i++) put_per(d, &b[i], "j_per_request", s->requests);
	for (size_t i = 0; i < n && out; i++)
		if (b[i].joule > 0)
			put(d, "energy", &b[i], "tokens_per_j",
			    estimate_exact((double)out / b[i].joule, out));
	export_scores(b, n, s, d);
	if (knows.marginal)
		metric_put(d, "carbon.inference_marginal_kg", NULL,
		    estimate_exact(a->marginal_kg, 1));
	if (!knows.carbon) return;
	metric_put(d, "carbon.inference_kg", NULL, estimate_exact(a->carbon_kg, 1));
	if (out)
		metric_put(d, "carbon.inference_g_per_token", NULL,
		    estimate_exact(1000 * a->carbon_kg / (double)out, out));
}
