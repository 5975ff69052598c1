#include "bench/joules/plug_answer.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

static bool say(char *why, size_t why_size, const char *reason)
{
	snprintf(why, why_size, "%s", reason);
	return false;
}

/* A number, or of several phases their sum; NAN for anything else. */
static double sum_of(const json_t *v)
{
	double sum = 0;
	if (json_is_number(v)) return json_number_value(v);
	if (!json_is_array(v) || !json_array_size(v)) return NAN;
	for (size_t i = 0; i < json_array_size(v); i++) {
		const json_t *one = json_array_get(v, i);
		sum += json_is_number(one) ? json_number_value(one) : NAN;
	}
	return sum;
}

/* Takes power and energy; `steps` of the plug's last digit are one unit of its energy. */
static void take(struct plug_answer *a, const char *make, const json_t *power,
    const json_t *energy, double steps, double unit_j)
{
	double total = sum_of(energy);
	*a = (struct plug_answer){ .make = make, .power_w = sum_of(power), .unit_j = unit_j };
	a->counts = total > 0 && total * steps < 0x1p53;
	if (a->counts) a->count = (uint64_t)llround(total * steps);
}

/* Finds out whose answer it is; false: nobody's. */
static bool recognise(struct plug_answer *a, const json_t *o)
{
	const json_t *of_all = json_array_get(json_object_get(o, "meters"), 0);
	const json_t *meter = of_all ? of_all : o; /* Gen1's /status has a list of them */
	const json_t *tasmota = json_object_get(json_object_get(o, "StatusSNS"), "ENERGY");
	const json_t *gen2 = json_object_get(json_object_get(o, "aenergy"), "total");
	const json_t *power = json_object_get(o, "apower");
	bool in_wh = json_object_get(meter, "total_returned");
	if (tasmota) {
		take(a, "Tasmota", json_object_get(tasmota, "Power"), json_object_get(tasmota, "Total"),
		    1e3, 3600);
	} else if (power || gen2) {
		take(a, "Shelly", power, gen2, 1e3, 3.6);
	} else if (json_object_get(meter, "power")) {
		take(a, "Shelly Gen1", json_object_get(meter, "power"), json_object_get(meter, "total"), 1,
		    in_wh ? 3600 : 60);
		if (json_is_false(json_object_get(meter, "is_valid"))) a->power_w = 0;
	} else {
		return false;
	}
	return true;
}

bool plug_answer_parse(const char *text, struct plug_answer *a, char *why, size_t why_size)
{
	json_error_t error;
	json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!o) {
		snprintf(why, why_size, "its answer is no JSON (line %d: %.80s)", error.line, error.text);
		return false;
	}
	bool known = recognise(a, o);
	json_decref(o);
	if (!known)
		return say(why, why_size, "its answer has no power that Shelly or Tasmota would tell: is "
		    "it a plug that meters?");
	if (isnan(a->power_w)) return say(why, why_size, "its answer has no power in W");
	if (a->power_w < 0)
		return say(why, why_size, "it tells a negative power: the machine feeds into it?");
	if (a->power_w == 0)
		return say(why, why_size, "it tells 0 W, which is no data: a relay without meter, or this "
		    "machine is not behind it");
	return true;
}
