#include "models/site/steady.h"

#include "models/metric.h"
#include "sim/sim.h"

#define STEADY_SOURCE                                                                              \
	"ML.ENERGY Benchmark (Chung et al. 2025): from max_num_seqs first tokens until all but "  \
	"max_num_seqs + 1 have ended"

extern const struct metric steady_metrics[];
const struct metric steady_metrics[] = {
	{ "steady.begin_s", "s", "begin of the steady part of the run, since its start",
	    "when the k-th request has its first token, at its node; k = min(requests that the "
	    "batches of all nodes hold, clients of a closed loop or a tenth of the requests)",
	    STEADY_SOURCE },
	{ "steady.end_s", "s", "end of the steady part of the run",
	    "when all requests but k + 1 have ended, at their nodes, or the run ends; k as for "
	    "steady.begin_s",
	    STEADY_SOURCE },
	{ "steady.output_tokens", "token", "output tokens generated in the steady part", "count",
	    STEADY_SOURCE },
	{ "steady.output_token_rate_per_s", "token/s", "output tokens per second, steady part",
	    "steady.output_tokens / (steady.end_s - steady.begin_s)", STEADY_SOURCE,
	    HIGHER_IS_BETTER },
	{ "steady.token_rate_per_s", "token/s", "tokens per second, prompt and output, steady part",
	    "(prompt tokens of the requests whose first token was made in it + "
	    "steady.output_tokens) / (steady.end_s - steady.begin_s)",
	    STEADY_SOURCE, HIGHER_IS_BETTER },
	{ "steady.device_j", "J", "energy used by accelerator boards in the steady part",
	    "integral of board power from steady.begin_s to steady.end_s", STEADY_SOURCE },
	{ "steady.device_j_per_token", "J/token",
	    "accelerator energy per output token, steady part",
	    "steady.device_j / steady.output_tokens", STEADY_SOURCE, LOWER_IS_BETTER },
	{ 0 },
};

void steady_init(struct steady *s, uint32_t requests, uint64_t places, uint32_t most)
{
	*s = (struct steady){
		.requests = requests,
		.margin = places < most ? (uint32_t)places : most,
	};
}

bool steady_first(struct steady *s, int32_t prompt_tokens)
{
	s->prompt_tokens += prompt_tokens;
	if (++s->firsts != s->margin) return false;
	return s->begun = true;
}

bool steady_ended(struct steady *s)
{
	if (s->requests - ++s->endings != s->margin + 1) return false;
	return s->ended = true;
}

bool steady_cut(struct steady *s)
{
	if (s->ended) return false;
	return s->ended = true;
}

bool steady_known(const struct steady *s)
{
	return s->begun && s->ended && s->end.t_ns > s->begin.t_ns;
}

static double seconds(int64_t ns)
{
	return (double)ns / (double)SIM_NS_PER_S;
}

double steady_length_s(const struct steady *s)
{
	return seconds(s->end.t_ns - s->begin.t_ns);
}

void steady_export(const struct steady *s, struct dataset *d)
{
	if (!steady_known(s)) return;
	double length_s = steady_length_s(s), device_j = s->end.device_j - s->begin.device_j;
	int64_t out = s->end.output_tokens - s->begin.output_tokens;
	int64_t in = s->end.prompt_tokens - s->begin.prompt_tokens;
	double output = (double)out;
	metric_put(d, "steady.begin_s", NULL, estimate_exact(seconds(s->begin.t_ns), 1));
	metric_put(d, "steady.end_s", NULL, estimate_exact(seconds(s->end.t_ns), 1));
	metric_put(d, "steady.output_tokens", NULL, estimate_exact(output, out));
	metric_put(d, "steady.output_token_rate_per_s", NULL,
	    estimate_exact(output / length_s, out));
	metric_put(d, "steady.token_rate_per_s", NULL,
	    estimate_exact((double)(in + out) / length_s, in + out));
	metric_put(d, "steady.device_j", NULL, estimate_exact(device_j, 1));
	if (out) metric_put(d, "steady.device_j_per_token", NULL,
		estimate_exact(device_j / output, out));
}
