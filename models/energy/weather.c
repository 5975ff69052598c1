#include "models/energy/weather.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct attr attrs[] = {
	/* Ineichen and Perez 2002: 2 for cold clean air, 3 for clear warm air, 4 to 6
	 * for moist or stagnating air, above 6 for polluted air. */
	ATTR_QTY(struct weather_par, turbidity, "turbidity", DIM_NUMBER, "3", 1, 10,
	    "Linke turbidity of the air: 2 clean and cold, 3 clear, 6 hazy"),
	ATTR_QTY(struct weather_par, cloudiness_frac, "cloudiness", DIM_FRACTION, "0.3", 0, 1,
	    "share of the sky that is covered by clouds, averaged over a long time"),
	ATTR_QTY(struct weather_par, correlation_frac, "correlation", DIM_FRACTION, "0.9", 0, 1,
	    "how alike the clouds over two homes are: 1 the same, 0 independent"),
	ATTR_QTY(struct weather_par, persistence_s, "persistence", DIM_TIME, "30 min", 60, 86400,
	    "time after which the clouds have mostly forgotten what they were"),
	ATTR_QTY(struct weather_par, mean_k, "temperature", DIM_TEMPERATURE, "20 degC", 223.15,
	    323.15, "air temperature, mean of the day"),
	ATTR_QTY(struct weather_par, swing_k, "swing", DIM_NUMBER, "8", 0, 40,
	    "highest minus lowest air temperature of a day, in kelvin"),
	ATTR_QTY(struct weather_par, wind_m_s, "wind", DIM_SPEED, "2 m/s", 0, 50,
	    "wind at the solar modules, which it cools"),
	/* Grass and built-up land, 0.15 to 0.25; 0.2 is the usual choice (Liu and
	 * Jordan 1963, Solar Energy 7(2), 53-74). */
	ATTR_QTY(struct weather_par, albedo_frac, "albedo", DIM_FRACTION, "0.2", 0, 1,
	    "share of light that the ground gives back"),
	ATTR_END,
};

const struct class weather_class = {
	.element = "weather", .parents = "scenario",
	.about = "The air and the clouds over all sites; without it, its defaults hold.",
	.par_size = sizeof(struct weather_par), .attrs = attrs, .max = 1, .implied = true,
};

struct weather_par weather_default(void)
{
	struct weather_par p;
	for (const struct attr *a = attrs; a->about; a++) {
		struct quantity q;
		char why[128];
		bool read = units_parse(a->def, a->dim, &q, why, sizeof why);
		assert(read && a->kind == ATTR_KIND_QTY);
		(void)read;
		memcpy((char *)&p + a->offset, &q.si, sizeof q.si);
	}
	return p;
}

double weather_ambient_k(const struct weather_par *p, double local_s, double dt_s)
{
	const double w = 2 * M_PI / 86400, top_s = 15 * 3600;
	double x = w * (local_s - top_s);
	double mean_cos = (sin(x + w * dt_s) - sin(x)) / (w * dt_s);
	return p->mean_k + 0.5 * p->swing_k * mean_cos;
}
