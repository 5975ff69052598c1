/* Requests between two tiers of nodes: where each is, what was drawn for it, and what came of
 * its first answer (models/control/tiers.h).
 *
 * A judged answer is whole, tokens of the judge included, and is judged where it is received;
 * from there the request is sent again. To the user it is one request: first and last token
 * are those of the answer that is accepted, energy that of both. While a first answer is
 * streamed and not yet judged, its first token counts as received. */
#ifndef HEARTH_MODELS_SITE_CASCADE_H
#define HEARTH_MODELS_SITE_CASCADE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"
#include "models/class.h"
#include "models/control/tiers.h"
#include "models/work/request.h"

struct cascade;

/* For a <tiers> object; the draws follow from the seed. */
struct cascade *cascade_new(const struct object *tiers, uint64_t seed);
void cascade_free(struct cascade *c); /* takes NULL */
const struct tiers_par *cascade_par(const struct cascade *c);

/* There are `count` requests now, more than before; borrowed until the next call. Draws for
 * the new ones. */
void cascade_take(struct cascade *c, const struct request *requests, uint32_t count);

/* The requests as nodes see them: those that are judged have the judge's tokens, too. May
 * move with cascade_take, and change with cascade_enter. */
const struct request *cascade_seen(const struct cascade *c);

/* Where a request is answered; as drawn until it enters a tier. */
enum model_tier cascade_tier(const struct cascade *c, uint32_t request);
void cascade_enter(struct cascade *c, uint32_t request, enum model_tier tier);

/* A small node, `node`, has given the answer, for energy_j at its devices, which a large node
 * could give again if fits_large. True: it is insufficient, and the request is the large
 * tier's from now on. */
bool cascade_judge(
    struct cascade *c, uint32_t request, uint32_t node, double energy_j, bool fits_large);

bool cascade_is_second(const struct cascade *c, uint32_t request); /* the first was insufficient */
bool cascade_holds(const struct cascade *c, uint32_t request); /* tokens, until it is accepted */

/* Energy of nodes of the two tiers, at their devices and at their inlets. */
struct cascade_tier {
	double device_j, node_j;
};

/* Fills the metrics of what became of the first n requests, and their columns of group
 * "requests". [TIERS] of energy. */
void cascade_export(const struct cascade *c, const struct outcome *o, uint32_t n,
    const struct cascade_tier *energy, struct dataset *d);

#endif
