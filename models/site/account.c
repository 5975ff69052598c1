#include "models/site/account.h"

#include <math.h>

#include "models/metric.h"

#define TOKEN_SOURCE                                                                               \
	"ML.ENERGY benchmark (Chung et al. 2025): energy over output tokens, here with "           \
	"the boundary named and idle time included"
#define BOUNDARY_SOURCE "boundaries as in Google 2025, \"Measuring the environmental impact of " \
			"delivering AI at Google scale\""

extern const struct metric energy_metrics[];
const struct metric energy_metrics[] = {
	{ "energy.device_j", "J", "energy used by accelerator boards, idle time included",
	    "integral of board power over the run", BOUNDARY_SOURCE },
	{ "energy.node_j", "J", "energy at the inlets of the nodes' power supplies",
	    "integral of (board + host power) / supply efficiency", BOUNDARY_SOURCE },
	{ "energy.site_j", "J",
	    "energy of the nodes with cooling and their share of inverter and storage losses",
	    "own + own / (own + other uses + given back) * conversion losses, by step; "
	    "own = node + cooling",
	    BOUNDARY_SOURCE },
	{ "energy.grid_j", "J", "energy of the nodes with their share of grid losses",
	    "site + own / (own + other uses + given back) * (line + transformer losses) + own / "
	    "(own + other uses) * transmission losses, by step; own = node + cooling",
	    BOUNDARY_SOURCE },
	{ "energy.device_j_per_token", "J/token", "accelerator energy per output token",
	    "energy.device_j / service.output_tokens", TOKEN_SOURCE },
	{ "energy.node_j_per_token", "J/token", "node energy per output token",
	    "energy.node_j / service.output_tokens", TOKEN_SOURCE },
	{ "energy.site_j_per_token", "J/token", "site energy per output token",
	    "energy.site_j / service.output_tokens", TOKEN_SOURCE },
	{ "energy.grid_j_per_token", "J/token", "energy per output token with grid losses",
	    "energy.grid_j / service.output_tokens", TOKEN_SOURCE },
	{ "energy.device_j_per_token_all", "J/token",
	    "accelerator energy per token, prompt and output",
	    "energy.device_j / (service.prompt_tokens + service.output_tokens)", TOKEN_SOURCE },
	{ "energy.node_j_per_token_all", "J/token", "node energy per token, prompt and output",
	    "energy.node_j / (service.prompt_tokens + service.output_tokens)", TOKEN_SOURCE },
	{ "energy.site_j_per_token_all", "J/token", "site energy per token, prompt and output",
	    "energy.site_j / (service.prompt_tokens + service.output_tokens)", TOKEN_SOURCE },
	{ "energy.grid_j_per_token_all", "J/token",
	    "energy per token, prompt and output, with grid losses",
	    "energy.grid_j / (service.prompt_tokens + service.output_tokens)", TOKEN_SOURCE },
	{ "carbon.inference_kg", "kg",
	    "carbon dioxide of the energy that the bulk grid generated for the nodes",
	    "sum over steps of carbon intensity * generated for the site * own / (own + other "
	    "uses)",
	    "GHG Protocol Scope 2 Guidance (2015), location-based method" },
	{ "carbon.inference_g_per_token", "g/token", "carbon dioxide per output token",
	    "1000 * carbon.inference_kg / service.output_tokens",
	    "GHG Protocol Scope 2 Guidance (2015), location-based method" },
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
	a->grid_j += site_j + of_flow * s->line_loss_j + of_use * s->import_loss_j;
	a->carbon_kg += of_use * s->generated_j * s->carbon_kg_per_j;
}

static void put_per_token(struct dataset *d, const char *key, double joule, int64_t tokens)
{
	if (tokens) metric_put(d, key, NULL, estimate_exact(joule / (double)tokens, tokens));
}

void account_export(const struct account *a, int64_t output_tokens, int64_t all_tokens,
    bool carbon_known, struct dataset *d)
{
	metric_put(d, "energy.device_j", NULL, estimate_exact(a->device_j, 1));
	metric_put(d, "energy.node_j", NULL, estimate_exact(a->node_j, 1));
	metric_put(d, "energy.site_j", NULL, estimate_exact(a->site_j, 1));
	metric_put(d, "energy.grid_j", NULL, estimate_exact(a->grid_j, 1));
	put_per_token(d, "energy.device_j_per_token", a->device_j, output_tokens);
	put_per_token(d, "energy.node_j_per_token", a->node_j, output_tokens);
	put_per_token(d, "energy.site_j_per_token", a->site_j, output_tokens);
	put_per_token(d, "energy.grid_j_per_token", a->grid_j, output_tokens);
	put_per_token(d, "energy.device_j_per_token_all", a->device_j, all_tokens);
	put_per_token(d, "energy.node_j_per_token_all", a->node_j, all_tokens);
	put_per_token(d, "energy.site_j_per_token_all", a->site_j, all_tokens);
	put_per_token(d, "energy.grid_j_per_token_all", a->grid_j, all_tokens);
	if (!carbon_known) return;
	metric_put(d, "carbon.inference_kg", NULL, estimate_exact(a->carbon_kg, 1));
	put_per_token(d, "carbon.inference_g_per_token", 1000 * a->carbon_kg, output_tokens);
}
