#include "tests/unit.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

struct good {
	const char *text;
	enum dim dim;
	double si;
	const char *currency;
};

/* Expected numbers by hand from the definitions of the units. */
static const struct good goods[] = {
	{ "13.5 kWh", DIM_ENERGY, 13.5 * 3.6e6 },
	{ "13.5kWh", DIM_ENERGY, 48600000 },
	{ "1.7 MJ", DIM_ENERGY, 1.7e6 },
	{ "23.6 pJ", DIM_ENERGY, 23.6e-12 },
	{ "192 uJ", DIM_ENERGY, 192e-6 },
	{ "7 kW", DIM_POWER, 7000 },
	{ "  -2.5 MW ", DIM_POWER, -2.5e6 },
	{ "35 mW", DIM_POWER, 0.035 },
	{ "+.5 W", DIM_POWER, 0.5 },
	{ "3. W", DIM_POWER, 3 },
	{ "1.2e3 W", DIM_POWER, 1200 },
	{ "5 ms", DIM_TIME, 0.005 },
	{ "7 \302\265s", DIM_TIME, 7e-6 },
	{ "7 \316\274s", DIM_TIME, 7e-6 },
	{ "10 min", DIM_TIME, 600 },
	{ "1.5 h", DIM_TIME, 5400 },
	{ "3 d", DIM_TIME, 259200 },
	{ "2 weeks", DIM_TIME, 1209600 },
	{ "1 year", DIM_TIME, 8760 * 3600.0 },
	{ "1 MVA", DIM_APPARENT, 1e6 },
	{ "35 kvar", DIM_REACTIVE, 35e3 },
	{ "0.4 kV", DIM_VOLTAGE, 400 },
	{ "63 A", DIM_CURRENT, 63 },
	{ "0.206 ohm/km", DIM_RESISTANCE_PER_LENGTH, 0.206e-3 },
	{ "47 mohm", DIM_RESISTANCE, 0.047 },
	{ "25 degC", DIM_TEMPERATURE, 298.15 },
	{ "77 degF", DIM_TEMPERATURE, 298.15 },
	{ "25 \302\260C", DIM_TEMPERATURE, 298.15 },
	{ "293 K", DIM_TEMPERATURE, 293 },
	{ "90 deg", DIM_ANGLE, 1.5707963267948966 },
	{ "350 mm", DIM_LENGTH, 0.35 },
	{ "36 km/h", DIM_SPEED, 10 },
	{ "24 GiB", DIM_BYTES, 24 * 1073741824.0 },
	{ "50 MB/s", DIM_BYTE_RATE, 50e6 },
	{ "100 Gbit/s", DIM_BYTE_RATE, 12.5e9 },
	{ "989.4 TFLOP/s", DIM_FLOP_RATE, 989.4e12 },
	{ "45 TOPS", DIM_FLOP_RATE, 45e12 },
	{ "30 1/h", DIM_RATE, 30 / 3600.0 },
	{ "5.53 /s", DIM_RATE, 5.53 },
	{ "1/s", DIM_RATE, 1 },
	{ "12 requests/min", DIM_RATE, 0.2 },
	{ "50 Hz", DIM_RATE, 50 },
	{ "2048", DIM_TOKENS, 2048 },
	{ "2 ktoken", DIM_TOKENS, 2000 },
	{ "37 tokens/s", DIM_TOKEN_RATE, 37 },
	{ "80 %", DIM_FRACTION, 0.8 },
	{ "0.7", DIM_FRACTION, 0.7 },
	{ "1.4", DIM_NUMBER, 1.4 },
	{ "340 EUR", DIM_MONEY, 340, "EUR" },
	{ "0.31 EUR/kWh", DIM_MONEY_PER_ENERGY, 0.31 / 3.6e6, "EUR" },
	{ "42 USD / MWh", DIM_MONEY_PER_ENERGY, 42 / 3.6e9, "USD" },
	{ "420 g/kWh", DIM_CARBON_PER_ENERGY, 0.420 / 3.6e6 },
	{ "0.42 t/MWh", DIM_CARBON_PER_ENERGY, 0.420 / 3.6e6 },
};

struct bad {
	const char *text;
	enum dim dim;
	const char *why;
};

static const struct bad bads[] = {
	{ "7 kWh", DIM_POWER, "7 kWh is an energy; power wants W, kW, MW, GW" },
	{ "7 kVA", DIM_POWER, "7 kVA is an apparent power; power wants W, kW, MW, GW" },
	{ "7 kW", DIM_REACTIVE, "7 kW is a power; reactive power wants var, kvar, Mvar" },
	{ "25 deg", DIM_TEMPERATURE, "25 deg is an angle; temperature wants degC, K, degF" },
	{ "80 %", DIM_POWER, "80 % is a fraction; power wants W, kW, MW, GW" },
	{ "80 %", DIM_NUMBER, "80 % is a fraction; number wants no unit" },
	{ "3 h", DIM_NUMBER, "3 h is a time; number wants no unit" },
	{ "5 kW/m", DIM_POWER, "5 kW/m does not fit; power wants W, kW, MW, GW" },
	{ "7", DIM_POWER, "7 has no unit; power wants W, kW, MW, GW" },
	{ "0", DIM_POWER, "0 has no unit; power wants W, kW, MW, GW" },
	{ "7 kw", DIM_POWER, "7 kw: did you mean kW?" },
	{ "7 KW", DIM_POWER, "7 KW: did you mean kW?" },
	{ "12 mWh", DIM_ENERGY, "12 mWh: did you mean MWh?" },
	{ "12 pWh", DIM_ENERGY, "12 pWh: did you mean PWh?" },
	{ "0.3 eur/kwh", DIM_MONEY_PER_ENERGY, "0.3 eur/kwh: did you mean EUR/kWh?" },
	{ "100 Mbps", DIM_BYTE_RATE, "100 Mbps: did you mean Mbit/s?" },
	{ "100 Mb/s", DIM_BYTE_RATE, "100 Mb/s: did you mean Mbit/s?" },
	{ "20 C", DIM_TEMPERATURE, "20 C: did you mean degC?" },
	{ "8 hrs", DIM_TIME, "8 hrs: did you mean h?" },
	{ "9 tokns", DIM_TOKENS, "9 tokns: did you mean tokens?" },
	{ "6 kWp", DIM_POWER, "6 kWp: did you mean kW?" },
	{ "420 gCO2/kWh", DIM_CARBON_PER_ENERGY, "420 gCO2/kWh: did you mean g/kWh?" },
	{ "3 a", DIM_POWER, "unknown unit 'a'; power wants W, kW, MW, GW" },
	{ "0.5 pu", DIM_POWER, "unknown unit 'pu'; power wants W, kW, MW, GW" },
	{ "13 Ah", DIM_ENERGY, "unknown unit 'Ah'; energy wants Wh, kWh, MWh, GWh, J, MJ" },
	{ "4 M", DIM_TOKENS, "'M' is a prefix without a unit; "
			     "tokens wants 2048, 2048 tokens, 2 ktoken" },
	{ "13,5 kWh", DIM_ENERGY, "decimal comma; write 13.5 kWh" },
	{ ",5 kWh", DIM_ENERGY, "decimal comma; write .5 kWh" },
	{ "-13,55 kWh", DIM_ENERGY, "decimal comma; write -13.55 kWh" },
	{ "1.234,5 kWh", DIM_ENERGY, "decimal comma; write 1234.5 kWh" },
	{ "1,234.5 kWh", DIM_ENERGY, "thousands separator; write 1234.5 kWh" },
	{ "1.234.567 W", DIM_POWER, "thousands separator; write 1234567 W" },
	{ "4,200 kWh", DIM_ENERGY,
	    "a comma that may be decimal or not; write 4200 kWh or 4.200 kWh" },
	{ "5 kW 3", DIM_POWER, "'kW 3' is not one unit; join factors by / or *, as in EUR/kWh" },
	{ "5 kW/", DIM_POWER, "'kW/' is not one unit; join factors by / or *, as in EUR/kWh" },
	{ "5 EUR*USD/kWh", DIM_MONEY, "'EUR*USD/kWh' mixes two currencies" },
	{ "5 currency", DIM_MONEY, "'currency' names no currency; "
				   "money wants EUR, USD, GBP, INR, JPY, AUD, CNY" },
	{ "nan W", DIM_POWER, "'nan W' does not begin with a number; "
			      "power wants W, kW, MW, GW" },
	{ "-inf W", DIM_POWER, "'-inf W' does not begin with a number; "
			       "power wants W, kW, MW, GW" },
	{ "0x10 W", DIM_POWER, "'0x10 W' is hexadecimal; write a decimal number" },
	{ "kW", DIM_POWER, "'kW' does not begin with a number; power wants W, kW, MW, GW" },
	{ "", DIM_POWER, "empty; power wants W, kW, MW, GW" },
	{ " ", DIM_TIME, "empty; time wants ms, s, min, h, d, week, year" },
	{ "1e999 W", DIM_POWER, "1e999 is too large a number" },
	{ "1e305 TW", DIM_POWER, "1e305 is too large a number" },
	{ "3e-999 W", DIM_POWER, "3e-999 is too small a number; write 0" },
};

static void check_all(void)
{
	char why[256];
	for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
		const struct good *g = &goods[i];
		struct quantity q = { 0 };
		cr_expect(units_parse(g->text, g->dim, &q, why, sizeof why), "%s: %s", g->text, why);
		cr_expect(fabs(q.si - g->si) <= 4e-16 * fabs(g->si), "%s: %.17g", g->text, q.si);
		cr_expect_str_eq(q.currency, g->currency ? g->currency : "");
	}
	for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
		const struct bad *b = &bads[i];
		struct quantity q = { .si = 17 };
		cr_expect_not(units_parse(b->text, b->dim, &q, why, sizeof why), "%s", b->text);
		cr_expect_str_eq(why, b->why);
		cr_expect_eq(q.si, 17);
	}
}

Test(units, every_text_gives_its_number_or_its_remedy)
{
	check_all();
}

/* A locale of our own making, for few machines have one installed. The C library
 * looks for locales in LOCPATH once it is set. */
static bool make_locale(void)
{
	static const char command[] = "mkdir -p test_units.locale && "
				      "localedef -c -i de_DE -f UTF-8 test_units.locale/de_DE.UTF-8";
	return system(command) != -1 && setenv("LOCPATH", "test_units.locale", 1) == 0 &&
	       setlocale(LC_ALL, "de_DE.UTF-8");
}

Test(units, a_locale_with_a_decimal_comma_changes_nothing)
{
	if (!make_locale()) cr_skip_test("localedef has no de_DE to make a locale from");
	char buf[32];
	snprintf(buf, sizeof buf, "%g", 1.5);
	cr_assert_str_eq(buf, "1,5"); /* else this test tests nothing */
	check_all();
	cr_expect_str_eq(units_format(4.86e7, DIM_ENERGY, buf, sizeof buf), "13.5 kWh");
}

Test(units, a_scale_has_the_factor_of_its_unit)
{
	double factor = 0, offset = -1;
	char currency[4] = "?", why[256];
	cr_expect(units_scale("degF", DIM_TEMPERATURE, &factor, &offset, currency, why, sizeof why));
	/* 14 degF is -10 degC is 263.15 K */
	cr_expect(epsilon_eq(dbl, 14 * factor + offset, 263.15, 1e-12));
	cr_expect(units_scale(" INR/kWh", DIM_MONEY_PER_ENERGY, &factor, &offset, currency, why,
	    sizeof why));
	cr_expect(epsilon_eq(dbl, factor * 3.6e6, 1, 1e-15));
	cr_expect_str_eq(currency, "INR");
	cr_expect(units_scale("", DIM_FRACTION, &factor, &offset, currency, why, sizeof why));
	cr_expect_eq(factor, 1);
	cr_expect_not(units_scale("kWh", DIM_POWER, &factor, &offset, currency, why, sizeof why));
	cr_expect_str_eq(why, "kWh is an energy; power wants W, kW, MW, GW");
	cr_expect_not(units_scale("", DIM_POWER, &factor, &offset, currency, why, sizeof why));
	cr_expect_str_eq(why, "no unit; power wants W, kW, MW, GW");
}

Test(units, numbers_are_written_with_a_fitting_prefix)
{
	static const struct {
		double si;
		enum dim dim;
		const char *text;
	} rows[] = {
		{ 4.86e7, DIM_ENERGY, "13.5 kWh" },
		{ 0.0265, DIM_TIME, "26.5 ms" },
		{ 23.6e-12, DIM_ENERGY, "23.6 pJ" },
		{ 13.3e-9, DIM_ENERGY, "13.3 nJ" },
		{ 90, DIM_TIME, "1.5 min" },
		{ 31536000, DIM_TIME, "365 d" },
		{ 0, DIM_POWER, "0 W" },
		{ -7300, DIM_POWER, "-7.3 kW" },
		{ 298.15, DIM_TEMPERATURE, "25 degC" },
		{ 0.7, DIM_FRACTION, "70 %" },
		{ 1.4, DIM_NUMBER, "1.4" },
		{ 0.31 / 3.6e6, DIM_MONEY_PER_ENERGY, "0.31 currency/kWh" },
		{ 0.42 / 3.6e6, DIM_CARBON_PER_ENERGY, "420 g/kWh" },
		{ 131072, DIM_TOKENS, "131.072 ktoken" },
		{ 2.5 / 3600, DIM_RATE, "2.5 1/h" },
		{ INFINITY, DIM_POWER, "inf W" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char buf[48];
		cr_expect_str_eq(units_format(rows[i].si, rows[i].dim, buf, sizeof buf),
		    rows[i].text);
	}
}

/* What is written is read back to six digits, whatever the dimension and size. */
Test(units, what_is_written_can_be_read)
{
	for (enum dim d = 0; d < DIM_COUNT; d++) {
		if (d == DIM_MONEY || d == DIM_MONEY_PER_ENERGY) continue; /* currency unknown */
		for (double si = 3.7e-9; si < 1e18; si *= 11.3) {
			char buf[48], why[256];
			struct quantity q;
			units_format(si, d, buf, sizeof buf);
			cr_expect(units_parse(buf, d, &q, why, sizeof why), "%s: %s", buf, why);
			double slack = d == DIM_TEMPERATURE ? 1e-3 : 0; /* digits of degC */
			cr_expect(fabs(q.si - si) <= 5.1e-6 * si + slack, "%s for %.9g", buf, si);
		}
	}
}

Test(units, every_dimension_takes_the_units_it_names)
{
	for (enum dim d = DIM_TIME; d < DIM_COUNT; d++) {
		char list[96], why[256], *save = NULL;
		if (d == DIM_TOKENS) continue; /* its text gives examples */
		snprintf(list, sizeof list, "%s", units_taken(d));
		for (char *u = strtok_r(list, ", ", &save); u; u = strtok_r(NULL, ", ", &save)) {
			double f, o;
			char c[4];
			cr_expect(units_scale(u, d, &f, &o, c, why, sizeof why), "%s: %s", u, why);
		}
		cr_expect(strlen(units_word(d)) > 0 && strlen(units_si(d)) > 0);
	}
}

Test(units, a_long_text_is_refused_and_cut_in_the_message)
{
	char text[5000], why[256];
	struct quantity q;
	memset(text, '7', sizeof text);
	text[sizeof text - 1] = '\0';
	cr_expect_not(units_parse(text, DIM_NUMBER, &q, why, sizeof why));
	cr_expect(strlen(why) < 120);
	memset(text + 1, 'W', sizeof text - 2);
	cr_expect_not(units_parse(text, DIM_POWER, &q, why, sizeof why));
	cr_expect(strlen(why) < 120);
}
