#include "models/grid/window.h"

#include <math.h>

/* Seconds since 1970 have a resolution of 0.2 us in a double; what is nearer to a
 * boundary than this stands on it. */
static const double blur_s = 1e-5;

static double room_s(double width_s, double t_s)
{
	double room = width_s - (t_s - width_s * floor(t_s / width_s));
	return room < blur_s ? width_s : room;
}

double window_part_s(double width_s, double t_s, double dt_s)
{
	double room = room_s(width_s, t_s);
	return dt_s < room + blur_s ? dt_s : room;
}

bool window_add(struct window *w, double t_s, double part_s, double value, double *mean)
{
	w->integral += value * part_s;
	w->filled_s += part_s;
	if (part_s < room_s(w->width_s, t_s) - blur_s) return false;
	bool whole = w->filled_s > w->width_s * (1 - 1e-6);
	*mean = w->integral / w->filled_s;
	w->integral = w->filled_s = 0;
	return whole;
}
