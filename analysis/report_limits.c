#include "analysis/report_parts.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/html.h"
#include "analysis/pick.h"
#include "analysis/show.h"
#include "base/mem.h"

/* ---- metrics, also for other sections ---- */

static void put_metric(struct page *p, const struct ds_metric *m)
{
	char value[SHOW_SIZE], interval[SHOW_SIZE];
	fputs("<tr><th scope=\"row\">", p->html);
	char *about = show_about(p->d, m);
	html_text(p->html, about);
	free(about);
	fprintf(p->html, "</th><td>%s", show_metric(m, value));
	if (*show_interval(m, interval)) fprintf(p->html, "<small>%s</small>", interval);
	fputs("</td></tr>\n", p->html);
}

static void put_metrics(struct page *p, const char *prefix, enum pick which)
{
	struct ds_metric m;
	fputs("<div class=\"wide pairs\"><table class=\"numbers\">\n", p->html);
	for (size_t i = 0; (i = pick_next(p->d, prefix, which, i, &m));) put_metric(p, &m);
	fputs("</table></div>\n", p->html);
}

bool report_metrics(struct page *p, const char *prefix)
{
	struct ds_metric m;
	if (!pick_next(p->d, prefix, PICK_FIRST, 0, &m)) return false;
	put_metrics(p, prefix, PICK_FIRST);
	if (pick_next(p->d, prefix, PICK_OTHER, 0, &m)) {
		fputs("<details><summary>More numbers</summary>\n", p->html);
		put_metrics(p, prefix, PICK_OTHER);
		fputs("</details>\n", p->html);
	}
	return true;
}

/* ---- limits ---- */

static void put_check(struct page *p, const struct ds_group *g, size_t i)
{
	char *const *name = ds_data(g, "check", DS_TEXT);
	char *const *about = ds_data(g, "about", DS_TEXT);
	const double *value = ds_data(g, "value", DS_F64), *limit = ds_data(g, "tolerance", DS_F64);
	const int8_t *pass = ds_data(g, "pass", DS_I8);
	char found[SHOW_SIZE], allowed[SHOW_SIZE];
	fputs("<tr><th scope=\"row\">", p->html);
	html_text(p->html, name[i]);
	fputs("</th><td>", p->html);
	html_text(p->html, about ? about[i] : "");
	fprintf(p->html, "</td><td>%s</td><td>%s</td><td class=\"%s\">%s</td></tr>\n",
	    show_value(value[i], "1", found), show_value(limit[i], "1", allowed),
	    pass[i] ? "good" : "bad", pass[i] ? "passed" : "FAILED");
}

static void put_checks(struct page *p)
{
	static const char *const head[] = { "self-check", "meaning", "found", "allowed", "result" };
	const struct ds_group *g = ds_find(p->d, "checks");
	if (!ds_data(g, "check", DS_TEXT) || !ds_data(g, "value", DS_F64) ||
	    !ds_data(g, "tolerance", DS_F64) || !ds_data(g, "pass", DS_I8))
		return;
	fputs("<div class=\"wide\"><table>\n", p->html);
	html_head_row(p->html, sizeof head / sizeof *head, head);
	for (size_t i = 0; i < ds_rows(g, "check"); i++) put_check(p, g, i);
	fputs("</table></div>\n", p->html);
}

/* What no number here can tell. */
static void put_scope(struct page *p)
{
	const struct ds_group *grid = ds_find(p->d, "grid");
	const double *time_s = ds_data(grid, "time", DS_F64);
	struct ds_metric m;
	char step[SHOW_SIZE];
	fputs("<ul>\n", p->html);
	if (time_s && ds_rows(grid, "time") > 1)
		fprintf(p->html,
		    "<li>Powers and voltages are means over steps of %s; what is shorter (inrush, "
		    "flicker, the switching of converters) is not seen.</li>\n",
		    show_value(time_s[1] - time_s[0], "s", step));
	if (ds_metric_find(p->d, "service.requests", &m))
		fputs("<li>Latencies and the energy of tokens come from a model of batches, not from "
		      "runs of a language model: <code>hearth validate serving</code> and <code>hearth "
		      "validate energy</code> tell how far off it is from what was measured.</li>\n",
		    p->html);
	fputs("<li>Nodes, cables and transformers do not fail but where the scenario says so, and nobody "
	      "changes habits because of what happens.</li>\n</ul>\n",
	    p->html);
}

void report_limits(struct page *p)
{
	fputs(
	    "<section>\n<h2>Limits</h2>\n<p>These are the numbers of one scenario under one seed: "
	    "one draw of weather, households and requests. Intervals cover what varies within the "
	    "run, not what another seed or other assumptions would change; <code>hearth run "
	    "--seed=N</code> and <code>--set</code> show that.</p>\n",
	    p->html);
	put_scope(p);
	put_checks(p);
	fputs("</section>\n", p->html);
}

/* ---- how to reproduce ---- */

static const char *manifest_text(const struct page *p, const char *name)
{
	const struct ds_group *g = ds_find(p->d, "manifest");
	char *const *text = ds_data(g, name, DS_TEXT);
	return text && !ds_var(g, name)->rows ? *text : NULL;
}

static void put_files(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "manifest");
	char *const *file = ds_data(g, "file", DS_TEXT);
	char *const *sha = ds_data(g, "file_sha256", DS_TEXT);
	if (!file || !sha || ds_rows(g, "file") != ds_rows(g, "file_sha256")) return;
	fputs("<details><summary>The files that were read</summary>\n<div class=\"wide\"><table>\n",
	    p->html);
	html_head_row(p->html, 2, (const char *[]){ "file", "SHA-256" });
	for (size_t i = 0; i < ds_rows(g, "file"); i++)
		html_row(p->html, 2, (const char *[]){ file[i], sha[i] });
	fputs("</table></div>\n</details>\n", p->html);
}

static void put_fact(struct page *p, const char *name, const char *text)
{
	if (!text || !*text) return;
	html_element(p->html, "dt", name);
	html_element(p->html, "dd", text);
}

void report_reproduce(struct page *p)
{
	const struct ds_group *root = ds_find(p->d, "");
	const char *command = manifest_text(p, "command_line");
	const char *xml = manifest_text(p, "scenario_xml");
	fputs("<section>\n<h2>How to reproduce</h2>\n", p->html);
	if (command) html_element(p->html, "pre", command);
	fputs("<dl>\n", p->html);
	put_fact(p, "version", ds_text(root, NULL, "source"));
	put_fact(p, "seed", ds_text(root, NULL, "seed"));
	put_fact(p, "SHA-256 of the resolved scenario", ds_text(root, NULL, "scenario_sha256"));
	fputs("</dl>\n", p->html);
	put_files(p);
	if (xml) {
		fputs("<details><summary>The scenario as it was run</summary>\n", p->html);
		html_element(p->html, "pre", xml);
		fputs("</details>\n", p->html);
	}
	fputs("</section>\n", p->html);
}

/* ---- glossary ---- */

/* How long a key is without its statistic: "latency.ttft_s.p50" -> 14. */
static size_t base_length(const char *key)
{
	const char *dot = strrchr(key, '.');
	bool statistic =
	    dot && (!strcmp(dot, ".mean") || !strcmp(dot, ".max") || !strcmp(dot, ".min") ||
		       (dot[1] == 'p' && dot[2] >= '0' && dot[2] <= '9'));
	return statistic ? (size_t)(dot - key) : strlen(key);
}

/* The sentence without its statistic: "time to first token, p50". */
static char *base_about(const char *about, const char *statistic)
{
	char *text = mem_text(about ? about : "");
	size_t n = strlen(text), tail = strlen(statistic) + 1; /* of ", p50" for ".p50" */
	char *end = text + n - tail;
	if (*statistic && n > tail && *end == ',' && !strcmp(end + 2, statistic + 1)) *end = '\0';
	return text;
}

static void put_word(struct page *p, const struct ds_group *g, const char *key, size_t length)
{
	char *about = base_about(ds_text(g, key, "long_name"), key + length);
	char *base = mem_text_n(key, length);
	const char *formula = ds_text(g, key, "formula"), *source = ds_text(g, key, "source");
	const char *unit = ds_text(g, key, "units");
	html_row(p->html, 5,
	    (const char *[]){
		base, unit ? unit : "", about, formula ? formula : "", source ? source : "" });
	free(base);
	free(about);
}

void report_glossary(struct page *p)
{
	static const char *const head[] = { "key", "unit", "meaning", "formula", "source" };
	const struct ds_group *g = ds_find(p->d, "summary");
	const char *last = "";
	size_t last_length = 0;
	if (!g || !g->vars) return;
	fputs("<section>\n<h2>Glossary</h2>\n<details><summary>What each number means, and where "
	      "its definition comes from</summary>\n<div class=\"wide\"><table>\n",
	    p->html);
	html_head_row(p->html, sizeof head / sizeof *head, head);
	for (size_t i = 0; i < g->vars; i++) {
		const char *key = g->var[i]->name;
		size_t length = base_length(key);
		if (length == last_length && !strncmp(key, last, length))
			continue; /* its next statistic */
		put_word(p, g, key, length);
		last = key;
		last_length = length;
	}
	fputs("</table></div>\n</details>\n</section>\n", p->html);
}
