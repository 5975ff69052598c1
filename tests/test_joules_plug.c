#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/joules/http.h"
#include "bench/joules/plug_answer.h"
#include "bench/joules/source.h"
#include "tests/fake_server.h"

/* As their makers document them: shelly-api-docs.shelly.cloud, Switch.GetStatus and
 * "Shelly Plug: /meter/0"; tasmota.github.io, "Status 8". */
#define SHELLY(w, wh) \
	"{\"id\":0,\"source\":\"init\",\"output\":true,\"apower\":" w ",\"voltage\":230.1," \
	"\"current\":0.261,\"aenergy\":{\"total\":" wh ",\"by_minute\":[1.0,2.0,3.0]}}"
#define SHELLY_1(w, wmin) \
	"{\"power\":" w ",\"overpower\":0.00,\"is_valid\":true,\"timestamp\":1718841600," \
	"\"counters\":[58.0,59.0,60.0],\"total\":" wmin "}"
#define TASMOTA(w, kwh) \
	"{\"StatusSNS\":{\"Time\":\"2024-06-20T00:00:00\",\"ENERGY\":{\"Total\":" kwh \
	",\"Power\":" w ",\"Voltage\":230}}}"

Test(joules_plug, each_maker_counts_in_a_unit_of_its_own)
{
	static const struct {
		const char *text, *make;
		double power_w, energy_j;
	} row[] = {
		{ SHELLY("61.3", "6.532"), "Shelly", 61.3, 6.532 * 3600 },
		{ SHELLY_1("48.5", "90210"), "Shelly Gen1", 48.5, 90210.0 * 60 },
		{ "{\"power\":48.5,\"is_valid\":true,\"total\":902,\"total_returned\":0}", "Shelly Gen1", 48.5,
		    902.0 * 3600 },
		{ "{\"meters\":[" SHELLY_1("7.5", "11") "],\"relays\":[]}", "Shelly Gen1", 7.5, 660 },
		{ TASMOTA("170", "3.185"), "Tasmota", 170, 3.185 * 3.6e6 },
		{ TASMOTA("[20,31]", "[1.5,0.25]"), "Tasmota", 51, 1.75 * 3.6e6 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct plug_answer a;
		char why[160] = "";
		cr_expect(plug_answer_parse(row[i].text, &a, why, sizeof why), "%zu: %s", i, why);
		cr_expect_str_eq(a.make, row[i].make);
		cr_expect(epsilon_eq(dbl, a.power_w, row[i].power_w, 1e-9));
		cr_expect(a.counts);
		cr_expect(epsilon_eq(dbl, (double)a.count * a.unit_j, row[i].energy_j, 1e-6));
	}
}

Test(joules_plug, what_is_no_data_is_refused)
{
	static const char *const row[][2] = {
		{ SHELLY("0.0", "0.000"), "0 W, which is no data" },       /* a relay without meter */
		{ SHELLY("0.0", "812.250"), "0 W, which is no data" },     /* another machine's plug */
		{ "{\"id\":0,\"output\":true}", "no power that Shelly" },  /* Shelly 1, no meter at all */
		{ "{\"power\":12.5,\"is_valid\":false,\"total\":7}", "0 W, which is no data" },
		{ SHELLY("-61.3", "6.532"), "negative power" },
		{ SHELLY("\"61\"", "6.532"), "no power in W" },
		{ SHELLY("null", "6.532"), "no power in W" },
		{ TASMOTA("[]", "1"), "no power in W" },
		{ "{\"apower\":61.3", "no JSON (line 1" },
		{ "", "no JSON" },
		{ "[1,2]", "no power that Shelly" },
		{ "<html>", "no JSON" },
		{ "{\"apower\":1e999}", "no JSON" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct plug_answer a;
		char why[160] = "";
		cr_expect(not(plug_answer_parse(row[i][0], &a, why, sizeof why)), "%s", row[i][0]);
		cr_expect(strstr(why, row[i][1]) != NULL, "%s: %s", row[i][0], why);
	}
}

Test(joules_plug, addresses_are_taken_apart)
{
	static const char *const row[][4] = {
		{ "http://192.168.1.7", "192.168.1.7", "80", "" },
		{ "HTTP://plug.lan:8080/rpc/Switch.GetStatus?id=1", "plug.lan", "8080",
		    "/rpc/Switch.GetStatus?id=1" },
		{ "http://plug/#top", "plug", "80", "/" },
	};
	static const char *const bad[] = { "192.168.1.7", "https://plug", "http://", "http://plug:http",
		"http://plug:/", "http://user@plug", "http://pl ug", "http://plug/a b", "http://[::1]/", "" };
	struct http_url url;
	char why[160];
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		cr_assert(http_url_parse(row[i][0], &url, why, sizeof why), "%s", why);
		cr_expect_str_eq(url.host, row[i][1]);
		cr_expect_str_eq(url.port, row[i][2]);
		cr_expect_str_eq(url.path, row[i][3]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect(not(http_url_parse(bad[i], &url, why, sizeof why)), "%s", bad[i]);
}

/* Asks a fake server for /x; the status. */
static int asked(const char *bytes, char *body, size_t size, char *why)
{
	const struct fake_answer answers[] = { { "/x", bytes }, { NULL, NULL } };
	char address[64];
	struct http_url url;
	snprintf(address, sizeof address, "http://%s", fake_server(answers));
	cr_assert(http_url_parse(address, &url, why, 160));
	int status = http_get(&url, "/x", 0.5, body, size, why, 160);
	fake_server_stop();
	return status;
}

Test(joules_plug, answers_come_in_three_shapes)
{
	static const char *const row[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"a\"}ignored",
		"HTTP/1.0 200 OK\r\n\r\n{\"a\"}",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\n{\"a\r\n2\r\n\"}\r\n0\r\n\r\n",
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char body[64], why[160];
		cr_expect(eq(int, asked(row[i], body, sizeof body, why), 200), "%zu: %s", i, why);
		cr_expect(not(strncmp(body, "{\"a\"}", 5)), "%s", body);
	}
}

Test(joules_plug, answers_that_are_damaged_say_how)
{
	static const char *const row[][2] = {
		{ "", "no answer in time" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", "ends too early" },
		{ "HTTP/1.1 200 OK\r\n", "ends too early" },
		{ "SSH-2.0-OpenSSH\r\n\r\n", "not HTTP/1" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\nx\r\n0\r\n\r\n", "chunks are damaged" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n0\r\n\r\n", "chunks are damaged" },
		{ "HTTP/1.1 200 OK\r\n\r\n0123456789012345678901234567890123456789", "more than a meter's" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\nx", "ends too early" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char body[32], why[160] = "";
		cr_expect(eq(int, asked(row[i][0], body, sizeof body, why), -1), "%zu", i);
		cr_expect(strstr(why, row[i][1]) != NULL, "%zu: %s", i, why);
	}
}

/* Opens the plug that a server plays; NULL with the fault in text. */
static struct joules *plugged(const struct fake_answer *answers, const char *path, char *text,
    size_t size)
{
	char source[128];
	struct joules_setup s = { .source = source, .tdp_w = NAN, .idle_w = NAN };
	struct err_list *e = err_new();
	snprintf(source, sizeof source, "plug:http://%s%s", fake_server(answers), path);
	struct joules *j = joules_open(&s, e);
	FILE *f = fmemopen(text, size, "w");
	err_print(e, f);
	fclose(f);
	err_free(e);
	return j;
}

Test(joules_plug, every_maker_is_found_without_a_path)
{
	static const char *const row[][3] = {
		{ "/rpc/Switch.GetStatus?id=0", SHELLY("61.3", "6.532"), "(Shelly, 127.0.0.1), wall" },
		{ "/meter/0", SHELLY_1("61.3", "90210"), "(Shelly Gen1, 127.0.0.1), wall" },
		{ "/cm?cmnd=Status%208", TASMOTA("61.3", "3.185"), "(Tasmota, 127.0.0.1), wall" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const struct fake_answer answers[] = { { row[i][0], fake_ok(row[i][1]) }, { NULL, NULL } };
		char text[512] = "";
		struct energy r;
		struct joules *j = plugged(answers, "", text, sizeof text);
		cr_assert(j != NULL, "%s", text);
		cr_expect(strstr(joules_line(j), row[i][2]) != NULL, "%s", joules_line(j));
		joules_begin(j);
		joules_end(j, 1, &r);
		cr_expect(epsilon_eq(dbl, r.power_w, 61.3, 1e-9), "%s", r.why);
		cr_expect_str_eq(energy_method_word(r.method), "integrated");
		joules_close(j);
		fake_server_stop();
	}
}

Test(joules_plug, a_count_is_taken_once_its_steps_are_fine_enough)
{
	/* 0.2 Wh of energy between two powers: 200 steps of 1 mWh, 720 J. */
	const struct fake_answer answers[] = {
		{ "/rpc", fake_ok(SHELLY("40", "6.532")) },
		{ "/rpc", fake_ok(SHELLY("40", "6.532")) },
		{ "/rpc", fake_ok(SHELLY("80", "6.732")) },
		{ NULL, NULL },
	};
	char text[512] = "";
	struct energy r;
	struct joules *j = plugged(answers, "/rpc/Switch.GetStatus?id=1", text, sizeof text);
	cr_assert(j != NULL, "%s", text);
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.measured_j, 720, 1e-6), "%s", r.why);
	cr_assert_str_eq(energy_method_word(r.method), "counter");
	cr_assert(epsilon_eq(dbl, r.other_j, 60 * r.span_s, 1e-9));
	joules_close(j);
	fake_server_stop();
}

Test(joules_plug, a_plug_that_goes_silent_costs_the_window)
{
	const struct fake_answer answers[] = {
		{ "/rpc", fake_ok(SHELLY("40", "6.532")) },
		{ "/rpc", fake_ok(SHELLY("40", "6.532")) },
		{ "/rpc", "" },
		{ NULL, NULL },
	};
	char text[512] = "";
	struct energy r;
	struct joules *j = plugged(answers, "", text, sizeof text);
	cr_assert(j != NULL, "%s", text);
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(isnan(r.measured_j));
	cr_assert_str_eq(r.why, "plug: no answer in time");
	joules_close(j);
	fake_server_stop();
}

Test(joules_plug, what_does_not_meter_is_a_fault)
{
	const struct fake_answer rows[][2] = {
		{ { "/rpc", fake_ok(SHELLY("0.0", "0.000")) }, { NULL, NULL } },
		{ { "/rpc", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n" }, { NULL, NULL } },
		{ { "/index", fake_ok("hello") }, { NULL, NULL } },
	};
	static const char *const said[] = { "0 W, which is no data", "asks for a password",
		"with status 404" };
	for (int i = 0; i < 3; i++) {
		char text[512] = "";
		cr_expect(eq(ptr, plugged(rows[i], "", text, sizeof text), NULL));
		cr_expect(strstr(text, said[i]) != NULL, "%s", text);
		fake_server_stop();
	}
}
