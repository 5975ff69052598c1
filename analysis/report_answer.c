#include "analysis/report_parts.h"

#include <string.h>

#include "analysis/html.h"
#include "analysis/show.h"

static const char *root_text(const struct page *p, const char *name)
{
	const char *text = ds_text(ds_find(p->d, ""), NULL, name);
	return text ? text : "";
}

/* "2024-06-20 00:00:00+02:00", or what the time axis' unit says of UTC; NULL: no axis. */
static const char *start_of(const struct page *p)
{
	static const char since[] = "seconds since ";
	const char *local = ds_text(ds_find(p->d, "grid"), "time", "local_start");
	if (local) return local;
	const char *units = ds_text(ds_find(p->d, "grid"), "time", "units");
	return units && !strncmp(units, since, sizeof since - 1) ? units + sizeof since - 1 : NULL;
}

static void put_period(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "grid");
	const double *time = ds_data(g, "time", DS_F64);
	size_t n = ds_rows(g, "time");
	const char *start = start_of(p);
	char span[SHOW_SIZE];
	if (!time || !n || !start) return;
	fprintf(p->html, ", %s from ", show_value(time[n - 1], "s", span));
	html_text(p->html, start);
}

void report_head(struct page *p)
{
	const char *validity = root_text(p, "validity");
	const char *class = !strcmp(validity, "VALID") ? "good" :
			    !strcmp(validity, "SUSPECT") ? "doubt" : "bad";
	fputs("<header>\n", p->html);
	fprintf(p->html, "<p class=\"stamp %s\" title=\"what the run says about itself\">", class);
	html_text(p->html, *validity ? validity : "NOT CHECKED");
	fputs("</p>\n", p->html);
	html_element(
	    p->html, "h1", *root_text(p, "title") ? root_text(p, "title") : "A run without title");
	fputs("<p class=\"quiet\">Simulated with ", p->html);
	html_text(p->html, *root_text(p, "source") ? root_text(p, "source") : "hearth");
	put_period(p);
	fputs(", seed ", p->html);
	html_text(p->html, *root_text(p, "seed") ? root_text(p, "seed") : "unknown");
	fputs("</p>\n</header>\n", p->html);
}

/* ---- the answer ---- */

static bool shown(const struct page *p, const char *key, char buf[SHOW_SIZE])
{
	struct ds_metric m;
	if (!ds_metric_find(p->d, key, &m)) return false;
	show_metric(&m, buf);
	return true;
}

static void say_service(struct page *p)
{
	char requests[SHOW_SIZE], done[SHOW_SIZE], half[SHOW_SIZE], most[SHOW_SIZE];
	if (!shown(p, "service.requests", requests) || !shown(p, "service.done", done)) return;
	fprintf(p->html, "Of %s requests %s were answered", requests, done);
	if (shown(p, "latency.ttft_s.p50", half) && shown(p, "latency.ttft_s.p99", most))
		fprintf(p->html, "; half of them had their first token within <b>%s</b>, "
		    "99&nbsp;%% within <b>%s</b>", half, most);
	fputs(".\n", p->html);
}

static void say_energy(struct page *p)
{
	char device[SHOW_SIZE], grid[SHOW_SIZE];
	if (!shown(p, "energy.device_j_per_token", device) ||
	    !shown(p, "energy.grid_j_per_token", grid))
		return;
	fprintf(p->html,
	    "An output token took <b>%s</b> at the accelerators and <b>%s</b> with all "
	    "that stands between them and the bulk grid.\n",
	    device, grid);
}

static void say_grid(struct page *p)
{
	char loading[SHOW_SIZE];
	struct ds_metric m;
	if (!ds_metric_find(p->d, "grid.transformer_loading_pu.max", &m)) return;
	const char *name = ds_text(ds_find(p->d, "summary"), m.key, "asset");
	fputs("The transformer", p->html);
	if (name && strcmp(name, "transformer") != 0) {
		fputs(" that carried most, ", p->html);
		html_text(p->html, name);
		fputc(',', p->html);
	}
	fprintf(p->html, " was loaded to <b>%s</b> of its rating at most%s.\n",
	    show_metric(&m, loading), m.value > 1 ? ", an overload" : "");
}

/* The limit that was broken most, if one was. */
static void say_broken(struct page *p)
{
	const struct ds_group *summary = ds_find(p->d, "summary");
	struct ds_metric m;
	char beyond[SHOW_SIZE];
	if (!ds_metric_find(p->d, "grid.margin_pu", &m) || !(m.value < 0)) return;
	const char *asset = ds_text(summary, m.key, "asset"), *limit = ds_text(summary, m.key, "limit");
	m.value = -m.value;
	fputs("A limit of the grid was broken", p->html);
	if (asset && limit) {
		fputs(": ", p->html);
		html_text(p->html, limit);
		fputs(" at ", p->html);
		html_text(p->html, asset);
	}
	fprintf(p->html, ", by up to <b>%s</b> of it.\n", show_metric(&m, beyond));
}

static bool put_card(struct page *p, const char *key, const char *label, const char *note)
{
	struct ds_metric m;
	char value[SHOW_SIZE], interval[SHOW_SIZE];
	if (!ds_metric_find(p->d, key, &m)) return false;
	fputs("<li>", p->html);
	html_element(p->html, "b", show_metric(&m, value));
	html_element(p->html, "span", label);
	fputs("<small>", p->html);
	html_text(p->html, note);
	if (*show_interval(&m, interval)) fprintf(p->html, "<br>95 %%: %s", interval);
	fputs("</small></li>\n", p->html);
	return true;
}

void report_answer(struct page *p)
{
	enum { CARDS = 6 };
	/* The first of them that the run has. */
	static const struct {
		const char *key, *label, *note;
	} cards[] = {
		{ "latency.ttft_s.p50", "to the first token", "median over answered requests" },
		{ "service.goodput_frac", "within the limits",
		    "share of requests that met all limits" },
		{ "energy.grid_j_per_token", "per output token", "from the bulk grid to the chip" },
		{ "grid.transformer_loading_pu.max", "transformer", "highest load over rating" },
		{ "cost.total", "for energy", "all sites, over the run" },
		{ "carbon.inference_g_per_token", "carbon dioxide",
		    "of inference, per output token" },
		{ "grid.margin_pu", "to the nearest limit",
		    "of the grid, as a share of it; below 0 it was broken" },
		{ "energy.device_j_per_token", "per output token", "at the accelerators alone" },
		{ "latency.e2e_s.p99", "for a whole request", "99 % of the answered took no longer" },
		{ "service.output_token_rate_per_s", "of output", "mean over the run" },
		{ "grid.voltage_pu.min", "lowest voltage", "at a customer, of nominal" },
		{ "homes.self_sufficiency_frac", "of the homes' own", "share of their use not imported" },
		{ "carbon.total_kg", "carbon dioxide", "of all that the bulk grid generated" },
	};
	fputs("<section>\n<h2>The answer</h2>\n<p class=\"lead\">", p->html);
	say_service(p);
	say_energy(p);
	say_grid(p);
	say_broken(p);
	fputs("</p>\n<ul class=\"cards\">\n", p->html);
	for (size_t i = 0, n = 0; i < sizeof cards / sizeof *cards && n < CARDS; i++)
		n += put_card(p, cards[i].key, cards[i].label, cards[i].note);
	fputs("</ul>\n</section>\n", p->html);
}
