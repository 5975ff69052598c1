#include "models/control/tiers.h"

#include <math.h>

static const struct attr attrs[] = {
	ATTR_QTY(struct tiers_par, large_frac, "large-share", DIM_FRACTION, OPTIONAL, 0, 1,
	    "quality routing: share of the requests that goes to the large tier at once, drawn"),
	ATTR_QTY(struct tiers_par, escalate_frac, "escalate", DIM_FRACTION, OPTIONAL, 0, 1,
	    "cascade: share of the small tier's answers that is judged insufficient, so that the "
	    "request goes on to the large tier, drawn"),
	ATTR_INT(struct tiers_par, judge_tokens, "judge-tokens", "0", 0, 1000000,
	    "cascade: tokens that the small model writes behind each of its answers to judge it; "
	    "0: judging costs nothing"),
	ATTR_ENUM(struct tiers_par, first_answer, "first-answer", "streamed", FIRST_ANSWER_WORDS,
	    "cascade: what the user sees of a small model's answer; its tokens as they come, taken "
	    "back where it is insufficient; or all of it when it is accepted"),
	ATTR_QTY(struct tiers_par, router_j, "router-energy", DIM_ENERGY, "0 J", 0, 1e6,
	    "quality routing: energy of choosing the tier of one request, drawn at the inlet of "
	    "the "
	    "node that it goes to"),
	ATTR_QTY(struct tiers_par, gap_frac, "gap-recovered", DIM_FRACTION, OPTIONAL, 0, 1,
	    "how far the score of the mix is from the small tier's to the large tier's, as "
	    "measured "
	    "at these shares; absent: the mean of the models that answer"),
	ATTR_TEXT(
	    struct tiers_par, gap_source, "gap-source", OPTIONAL, "who measured that, and on what"),
	ATTR_END,
};

/* What a cascade or a router has, without one. */
static void check_kind(const struct object *o, struct err_list *e)
{
	const struct tiers_par *p = o->par;
	static const char *const of_cascade[] = { "judge-tokens", "first-answer" };
	if (isnan(p->escalate_frac) && isnan(p->large_frac))
		err_at(e, o->pos,
		    "tiers: who goes to the large tier? write escalate= for a cascade, "
		    "large-share= "
		    "for quality routing, or both");
	for (int i = 0; i < 2; i++)
		if (isnan(p->escalate_frac) && object_attr_is_written(o, of_cascade[i]))
			err_at(e, object_attr_pos(o, of_cascade[i]),
			    "tiers: %s= is of a cascade; write escalate=, or leave it out",
			    of_cascade[i]);
	if (isnan(p->large_frac) && object_attr_is_written(o, "router-energy"))
		err_at(e, object_attr_pos(o, "router-energy"),
		    "tiers: router-energy= is of quality routing; write large-share=, or leave it "
		    "out");
}

static void check(const struct object *o, struct err_list *e)
{
	const struct tiers_par *p = o->par;
	check_kind(o, e);
	if (isnan(p->gap_frac) != !p->gap_source)
		err_at(e, object_attr_pos(o, p->gap_source ? "gap-source" : "gap-recovered"),
		    "tiers: gap-recovered= and gap-source= go together; give both or none");
}

const struct class tiers_class = {
	.element = "tiers",
	.parents = "policy",
	.about =
	    "Small and large models: requests are answered by nodes of a small tier, and by "
	    "those of a large one at once (large-share=) or where the small tier's answer is "
	    "insufficient (escalate=). Tiers are told by the models' parameters, or by tier= of "
	    "<node>; within one, routing= of <policy> says which node.",
	.par_size = sizeof(struct tiers_par),
	.attrs = attrs,
	.max = 1,
	.check = check,
};

/* NAN is no share. */
static bool falls(double u, double share)
{
	return u < share;
}

struct tiers_draw tiers_draw(const struct tiers_par *p, struct pcg64 *stream)
{
	double first = pcg64_unit(stream), judged = pcg64_unit(stream);
	return (struct tiers_draw){
		.first = falls(first, p->large_frac) ? TIER_LARGE : TIER_SMALL,
		.insufficient = falls(judged, p->escalate_frac),
	};
}

bool tiers_judges(const struct tiers_par *p)
{
	return !isnan(p->escalate_frac);
}

double tiers_score(const struct tiers_par *p, double small, double large, double large_frac)
{
	double way = isnan(p->gap_frac) ? large_frac : p->gap_frac;
	return small + way * (large - small);
}
