/* Requests that can wait: held back while electricity is dear or dirty, until a deadline.
 *
 *     <workload trace="day.csv">
 *       <deferral share="40 %" deadline="6 h" rate="2 1/s" price-above="0.30 EUR/kWh"/>
 *     </workload>
 *
 * Which requests can wait is drawn with the workload, or told by the trace's priorities. One
 * that comes while the rule (models/control/trigger.h) is on, or behind others that wait,
 * waits where requests are routed, before it is sent to any node. Those that wait are let go
 * in the order in which they came: one each 1 / rate while the rule is off, and each when
 * its deadline less the margin has come, whatever the rule and the rate. The rule is asked
 * at the beginning of each grid step (models/site/alert.h).
 *
 * A deadline is met by the last token. Latencies and objectives of requests that cannot
 * wait leave these out; they have metrics of their own. */
#ifndef HEARTH_MODELS_SITE_DEFERRAL_H
#define HEARTH_MODELS_SITE_DEFERRAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"
#include "models/class.h"
#include "models/control/trigger.h"
#include "models/site/market.h"
#include "models/step.h"
#include "models/work/workload.h"
#include "sim/sim.h"

struct deferral_par {
	double share_frac;     /* NAN: by priority */
	double priority_above; /* NAN: by share */
	double deadline_s, margin_s;
	double rate_hz;
	struct trigger_par trigger;
};

extern const struct class deferral_class;

/* Marks the requests of a workload that can wait, by its <deferral> if it has one. A draw a
 * request, from a stream of the workload's own: the same requests whatever the rule says. */
void deferral_mark(const struct object *workload, uint64_t seed, struct workload *w);

struct deferral;

/* Sends a request at sim_now. */
typedef void deferral_send(void *ctx, uint32_t request);

/* For a scenario's open workload w, borrowed, whose requests are marked. NULL when it has
 * no <deferral>, or when faults were added to e. */
struct deferral *deferral_new(struct sim *sim, const struct object *scenario,
    const struct workload *w, double zone_s, struct err_list *e);
void deferral_free(struct deferral *d); /* takes NULL */

/* Before the first request. */
void deferral_on_send(struct deferral *d, deferral_send *send, void *ctx);

/* A request comes, in order of their numbers. True: it waits, and is sent later. */
bool deferral_holds(struct deferral *d, uint32_t request);

void deferral_begin(struct deferral *d, const struct step *st);      /* the rule is asked */
void deferral_end(struct deferral *d, const struct market_quote *q); /* as alert_end */

uint32_t deferral_waiting(const struct deferral *d); /* requests, now */

/* [requests]: when each was sent to a node, -1: not yet, or it cannot wait. */
const int64_t *deferral_released_ns(const struct deferral *d);

/* Metrics, at sim_now. */
void deferral_export(const struct deferral *d, const struct outcome *o, struct dataset *out);

#endif
