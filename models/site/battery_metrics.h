/* Reported numbers of stationary batteries: charge moved, health, how long they last. */
#ifndef HEARTH_MODELS_SITE_BATTERY_METRICS_H
#define HEARTH_MODELS_SITE_BATTERY_METRICS_H

#include "base/dataset.h"
#include "models/energy/battery_unit.h"

/* Puts the outlook of the batteries of a chemistry at a place ("homes", "datacentres") into the
 * summary; nothing without units. Keys end in PLACE.CHEMISTRY for the lead cell, with
 * .low and .high for the band over the chemistry's cells. Where the chemistry is an
 * assumption its word in the key ends in "_assumption". */
void battery_export(const struct battery_outlook *o, enum chemistry chemistry, const char *place,
    struct dataset *d);

#endif
