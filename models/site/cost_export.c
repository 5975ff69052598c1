/* What came of a run, in money and carbon. */
#include "models/site/cost_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/metric.h"

#define BILL_SOURCE "the tariff of the scenario"
#define GHG_SOURCE "GHG Protocol Scope 2 Guidance (2015), location-based method"
#define HAWKES_SOURCE "Hawkes 2010, Energy Policy 38, 5977-5987: marginal emissions rate"
#define CAPEX_SOURCE "Short, Packey and Holt 1995, NREL/TP-462-5173: capital recovery factor"
#define ACT_SOURCE "Gupta et al. 2022 (ACT), ISCA, eq. 1: embodied carbon by the share of its life"

extern const struct metric cost_metrics[];
const struct metric cost_metrics[] = {
	{ "cost.total", "currency", "electricity bills of all sites, income from export deducted",
	    "sum over meters of import cost + fixed and demand charges - export income",
	    BILL_SOURCE, LOWER_IS_BETTER },
	{ "cost.homes", "currency", "electricity bills of the homes", "sum over the homes' meters",
	    BILL_SOURCE, LOWER_IS_BETTER },
	{ "cost.datacentres", "currency", "electricity bills of the data centres",
	    "sum over the data centres' meters", BILL_SOURCE, LOWER_IS_BETTER },
	{ "cost.import", "currency", "what imported energy cost at all meters",
	    "sum over meters and steps of price * import", BILL_SOURCE, LOWER_IS_BETTER },
	{ "cost.export_income", "currency", "what export earned, or took off as a credit",
	    "sum over meters of feed-in paid and credits used", BILL_SOURCE, HIGHER_IS_BETTER },
	{ "cost.charges", "currency", "standing charges and charges for demand of all meters",
	    "sum over meters of charges by the day and month and for the highest import",
	    BILL_SOURCE, LOWER_IS_BETTER },
	{ "cost.inference", "currency",
	    "the nodes' part of what import cost at the meters, without charges and export",
	    "sum over steps and meters of price * import * own / (own + "
	    "other uses); own = node + cooling; what a battery draws counts when it is drawn",
	    BILL_SOURCE, LOWER_IS_BETTER },
	{ "cost.inference_charges", "currency",
	    "the nodes' part of standing charges and charges for demand",
	    "sum over meters of charges * nodes' energy / all use, both of the whole run",
	    BILL_SOURCE, LOWER_IS_BETTER },
	{ "cost.hardware", "currency",
	    "what the hardware with a price costs over the run: the part of its life",
	    "sum over hardware of price * recovery factor(rate, life) * run / year", CAPEX_SOURCE,
	    LOWER_IS_BETTER },
	{ "cost.total_with_hardware", "currency", "electricity and hardware",
	    "cost.total + cost.hardware", CAPEX_SOURCE, LOWER_IS_BETTER },
	{ "cost.inference_hardware", "currency",
	    "the nodes' part of the cost of hardware; sun, wind and storage are left out",
	    "as cost.hardware, nodes alone", CAPEX_SOURCE, LOWER_IS_BETTER },
	{ "cost.inference_per_mtoken", "currency", "imported energy for a million output tokens",
	    "1e6 * cost.inference / output tokens", BILL_SOURCE, LOWER_IS_BETTER },
	{ "cost.charges_per_mtoken", "currency",
	    "standing charges and charges for demand for a million output tokens",
	    "1e6 * cost.inference_charges / output tokens", BILL_SOURCE, LOWER_IS_BETTER },
	{ "cost.hardware_per_mtoken", "currency",
	    "hardware of the nodes for a million output tokens",
	    "1e6 * cost.inference_hardware / output tokens", CAPEX_SOURCE, LOWER_IS_BETTER },
	{ "cost.levelised_per_mtoken", "currency",
	    "what a million output tokens cost with energy, charges and the nodes' hardware",
	    "cost.inference_per_mtoken + cost.charges_per_mtoken + cost.hardware_per_mtoken",
	    CAPEX_SOURCE, LOWER_IS_BETTER },
	{ "carbon.total_kg", "kg", "carbon dioxide of what the bulk grid generated for all sites",
	    "sum over steps of carbon intensity * energy generated, where positive", GHG_SOURCE,
	    LOWER_IS_BETTER },
	{ "carbon.marginal_kg", "kg",
	    "carbon dioxide of what was generated for all sites, by marginal intensity: what their "
	    "demand changed, were it small",
	    "sum over steps of marginal intensity * energy generated, where positive",
	    HAWKES_SOURCE, LOWER_IS_BETTER },
	{ "carbon.embodied_kg", "kg",
	    "carbon dioxide of making the hardware, the run's part of its life",
	    "sum over hardware of embodied-kg * run / life", ACT_SOURCE, LOWER_IS_BETTER },
	{ "carbon.inference_embodied_kg", "kg",
	    "carbon dioxide of making the nodes, the run's part of their life",
	    "as carbon.embodied_kg, nodes alone", ACT_SOURCE, LOWER_IS_BETTER },
	{ "carbon.embodied_g_per_token", "g/token",
	    "carbon dioxide of making the nodes, per output "
	    "token",
	    "1000 * carbon.inference_embodied_kg / service.output_tokens", ACT_SOURCE,
	    LOWER_IS_BETTER },
	{ 0 },
};

static struct bill payer_sum(const struct payer *p)
{
	struct bill sum = { .import_cost = 0 };
	for (uint32_t i = 0; p->tariff && i < p->meters; i++) {
		struct bill due = bills_of(p->bills, i);
		sum.import_cost += due.import_cost;
		sum.export_income += due.export_income;
		sum.fixed_cost += due.fixed_cost;
		sum.demand_cost += due.demand_cost;
	}
	return sum;
}

static double charges(const struct payer *p, uint32_t meter)
{
	if (!p->tariff) return 0;
	struct bill due = bills_of(p->bills, meter);
	return due.fixed_cost + due.demand_cost;
}

/* All that a data centre draws is for its nodes, what its battery sells later too. */
static double inference_charges(const struct cost *c)
{
	double sum = 0;
	for (uint32_t h = 0; h < c->homes.meters; h++)
		if (c->home_node_j[h] > 0)
			sum += charges(&c->homes, h) * c->home_node_j[h] / c->home_use_j[h];
	for (uint32_t i = 0; i < c->centres; i++) sum += charges(&c->centre[i], 0);
	return sum;
}

struct writer {
	struct dataset *d;
	const struct cost_run *run;
};

static void put(const struct writer *w, const char *key, double amount, int64_t n)
{
	metric_put(w->d, key, NULL, estimate_exact(amount, n));
	ds_attr_text(ds_group(w->d, "summary"), key, "units", w->run->currency);
}

static void put_per_mtoken(const struct writer *w, const char *key, double amount)
{
	int64_t n = w->run->output_tokens;
	if (n) put(w, key, 1e6 * amount / (double)n, n);
}

static void put_bills(const struct cost *c, const struct writer *w)
{
	struct bill homes = payer_sum(&c->homes), all = homes;
	double centres = 0;
	bool centres_pay = false;
	for (uint32_t i = 0; i < c->centres; i++) {
		struct bill due = payer_sum(&c->centre[i]);
		all.import_cost += due.import_cost;
		all.export_income += due.export_income;
		all.fixed_cost += due.fixed_cost;
		all.demand_cost += due.demand_cost;
		centres += bill_total(&due);
		centres_pay = centres_pay || c->centre[i].tariff;
	}
	int64_t meters = (int64_t)c->homes.meters + c->centres;
	put(w, "cost.total", bill_total(&homes) + centres, meters);
	if (c->homes.tariff) put(w, "cost.homes", bill_total(&homes), c->homes.meters);
	if (centres_pay) put(w, "cost.datacentres", centres, c->centres);
	put(w, "cost.import", all.import_cost, meters);
	put(w, "cost.export_income", all.export_income, meters);
	put(w, "cost.inference", c->inference, 1);
	put_per_mtoken(w, "cost.inference_per_mtoken", c->inference);
	if (all.fixed_cost + all.demand_cost > 0) {
		put(w, "cost.charges", all.fixed_cost + all.demand_cost, meters);
		put(w, "cost.inference_charges", inference_charges(c), 1);
		put_per_mtoken(w, "cost.charges_per_mtoken", inference_charges(c));
	}
	if (w->run->capex.any)
		put(w, "cost.total_with_hardware",
		    bill_total(&homes) + centres + w->run->capex.cost_per_s * w->run->run_s, meters);
}

static void put_hardware(const struct cost *c, bool paid, const struct writer *w)
{
	const struct capex_total *t = &w->run->capex;
	double run_s = w->run->run_s, nodes = t->node_cost_per_s * run_s;
	if (!t->any) return;
	put(w, "cost.hardware", t->cost_per_s * run_s, 1);
	if (!t->any_node) return;
	put(w, "cost.inference_hardware", nodes, 1);
	put_per_mtoken(w, "cost.hardware_per_mtoken", nodes);
	if (paid)
		put_per_mtoken(w, "cost.levelised_per_mtoken",
		    c->inference + inference_charges(c) + nodes);
}

static void put_embodied(const struct writer *w)
{
	const struct capex_total *t = &w->run->capex;
	double run_s = w->run->run_s, nodes_kg = t->node_embodied_kg_per_s * run_s;
	int64_t n = w->run->output_tokens;
	if (!(t->embodied_kg_per_s > 0)) return;
	metric_put(w->d, "carbon.embodied_kg", NULL,
	    estimate_exact(t->embodied_kg_per_s * run_s, 1));
	if (!(nodes_kg > 0)) return;
	metric_put(w->d, "carbon.inference_embodied_kg", NULL, estimate_exact(nodes_kg, 1));
	if (n)
		metric_put(w->d, "carbon.embodied_g_per_token", NULL,
		    estimate_exact(1000 * nodes_kg / (double)n, n));
}

/* One column of the bills' table: a member of struct bill. */
struct column {
	const char *name, *about;
	size_t offset;
};

static const struct column columns[] = {
	{ "import_cost", "imported energy at its price", offsetof(struct bill, import_cost) },
	{ "export_income", "feed-in paid, credits used", offsetof(struct bill, export_income) },
	{ "fixed_cost", "standing charges", offsetof(struct bill, fixed_cost) },
	{ "demand_cost", "charges for demand", offsetof(struct bill, demand_cost) },
	{ "credit", "credits left, in no total", offsetof(struct bill, credit) },
};

enum { COLUMNS = sizeof columns / sizeof *columns };

struct table {
	int32_t *home;
	double *column[COLUMNS], *total;
	size_t rows;
};

static void add_rows(struct table *t, const struct payer *p, bool homes)
{
	for (uint32_t i = 0; p->tariff && i < p->meters; i++, t->rows++) {
		struct bill due = bills_of(p->bills, i);
		t->home[t->rows] = homes ? (int32_t)i : -1;
		for (int k = 0; k < COLUMNS; k++)
			memcpy(&t->column[k][t->rows], (const char *)&due + columns[k].offset,
			    sizeof(double));
		t->total[t->rows] = bill_total(&due);
	}
}

static void export_table(const struct cost *c, size_t meters, const struct writer *w)
{
	struct ds_group *g = ds_group(w->d, "bills");
	struct ds_dim *dim = ds_dim(g, "meter", meters);
	const char *unit = w->run->currency;
	struct table t = { .rows = 0 };
	t.home = ds_column(g, "home", DS_I32, dim, NULL, "1",
	    "home whose meter it is; -1: a data centre, in the scenario's order");
	for (int k = 0; k < COLUMNS; k++)
		t.column[k] = ds_column(
		    g, columns[k].name, DS_F64, dim, NULL, unit, columns[k].about);
	t.total = ds_column(g, "total", DS_F64, dim, NULL, unit, "what is due");
	add_rows(&t, &c->homes, true);
	for (uint32_t i = 0; i < c->centres; i++) add_rows(&t, &c->centre[i], false);
}

void cost_export(const struct cost *c, const struct cost_run *run, struct dataset *d)
{
	const struct writer w = { d, run };
	size_t meters = c->homes.tariff ? c->homes.meters : 0;
	for (uint32_t i = 0; i < c->centres; i++) meters += c->centre[i].tariff != NULL;
	bool paid = c->homes.tariff || meters > 0;
	if (paid) put_bills(c, &w);
	put_hardware(c, paid, &w);
	if (meters) export_table(c, meters, &w);
	if (c->carbon) metric_put(d, "carbon.total_kg", NULL, estimate_exact(c->carbon_kg, 1));
	if (cost_knows_marginal(c))
		metric_put(d, "carbon.marginal_kg", NULL, estimate_exact(c->marginal_kg, 1));
	put_embodied(&w);
}
