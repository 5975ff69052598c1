/* What a battery is told to do: pure functions of the powers at the meter. */
#ifndef HEARTH_MODELS_CONTROL_DISPATCH_H
#define HEARTH_MODELS_CONTROL_DISPATCH_H

enum dispatch_kind {
	DISPATCH_NONE,             /* batteries rest */
	DISPATCH_SELF_CONSUMPTION, /* take in would-be export, serve would-be import */
};

/* The request to a battery (positive: charge) behind a meter that would read
 * net_w without it (positive: drawn from the grid). */
static inline double dispatch_battery_w(enum dispatch_kind kind, double net_w)
{
	switch (kind) {
	case DISPATCH_NONE:
		return 0;
	case DISPATCH_SELF_CONSUMPTION:
		return -net_w;
	}
	return 0;
}

#endif
