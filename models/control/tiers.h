/* Small and large models: which of them answers a request.
 *
 *     <policy routing="nearest"><tiers escalate="26 %"/></policy>       a cascade
 *     <policy routing="nearest"><tiers large-share="26 %"/></policy>    quality routing
 *
 * The nodes of a scenario are of two tiers, by the models that they serve. A share of the
 * requests, `large-share`, goes to the large tier at once: what a router that looks at the
 * prompt would send there (Ong et al. 2024, "RouteLLM"). The others are answered by the small
 * tier. In a cascade that answer is judged when it is whole; a share of them, `escalate`, is
 * insufficient, and the request goes on to the large tier, prompt and all (Chen, Zaharia, Zou
 * 2023, "FrugalGPT"). Within a tier the policy's routing= says which node; where no node of a
 * tier can hold a request, the other answers it, and an answer that no large node could give
 * again stands.
 *
 * Which requests they are is drawn: two numbers for each, whatever the shares, from a stream
 * of their own. Nobody reads the prompts, so that neither tier gets the harder ones.
 *
 * Energy of a request that all of that is for, in the mean:
 *
 *     E = E_small + escalate E_large < E_large   when   escalate < 1 - E_small / E_large
 *
 * where E_large must be the same on both sides: of requests that come one by one it is, but a
 * large tier that answers all has fuller batches, and needs less for each.
 *
 * A judge costs `judge-tokens` more tokens of the small model for each answer, written behind
 * it in the same context (a model that verifies itself), or nothing (a scorer of far fewer
 * parameters than any model here, as FrugalGPT's). */
#ifndef HEARTH_MODELS_CONTROL_TIERS_H
#define HEARTH_MODELS_CONTROL_TIERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"
#include "models/class.h"

/* A node's tier. Without <tiers> all are of one. */
enum model_tier { TIER_ONE, TIER_SMALL, TIER_LARGE, TIERS };

/* When the user sees a small model's answer. The words of `first-answer` are in this order. */
enum first_answer {
	FIRST_STREAMED, /* token by token; one that is insufficient is taken back */
	FIRST_HELD,     /* when it is accepted: its first token comes with its last */
};
#define FIRST_ANSWER_WORDS "streamed held"

struct tiers_par {
	double large_frac;    /* of the requests; NAN: not written, none */
	double escalate_frac; /* of the small tier's answers; NAN: not written, nobody judges */
	int64_t judge_tokens;
	int first_answer; /* enum first_answer */
	double router_j;  /* of choosing a tier for one request */
	double gap_frac;  /* of the way from the small score to the large; NAN: not known */
	const char *gap_source;
};

extern const struct class tiers_class;

/* What was drawn for a request. */
struct tiers_draw {
	enum model_tier first; /* SMALL or LARGE */
	bool insufficient;     /* the small tier's answer, if it is asked for one */
};

/* Two numbers of the stream. */
struct tiers_draw tiers_draw(const struct tiers_par *p, struct pcg64 *stream);

bool tiers_judges(const struct tiers_par *p); /* it is a cascade */

/* Expected score of a mix, of whose answers the share large_frac is the large tier's:
 *
 *     (1 - large_frac) small + large_frac large
 *
 * which is exact where requests are picked as they come, too low where the router or judge
 * tells hard ones from easy ones, and too high where it is worse than chance. With a share of
 * the gap that was measured (Ong et al. 2024, "performance gap recovered"):
 *
 *     small + gap_frac (large - small) */
double tiers_score(const struct tiers_par *p, double small, double large, double large_frac);

#endif
