#include "analysis/report.h"

#include <stdlib.h>

#include "analysis/embedded.h"
#include "analysis/html.h"
#include "analysis/report_parts.h"
#include "base/file.h"

void report_figure(struct page *p, struct figure *f)
{
	if (f->rows) *(figure_write(f, p->html) ? &p->drawn : &p->undrawn) = true;
	figure_fini(f);
}

void report_begin(struct page *p, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
	    p->html);
	html_text(p->html, title);
	fprintf(p->html, " - hearth</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n",
	    embedded_report_css);
}

void report_end(struct page *p)
{
	fputs("</main>\n", p->html);
	if (p->drawn) fprintf(p->html, "<script>\n%s</script>\n", embedded_figure_js);
	fputs("</body>\n</html>\n", p->html);
}

void report_warn_undrawn(const struct page *p, const char *html_path, struct err_list *e)
{
	if (p->undrawn)
		err_warn(e, (struct err_pos){ html_path, 0, 0 },
		    "figures are missing: gnuplot is not installed or failed; install it and "
		    "repeat");
}

static void write_page(struct page *p, const struct compare_view *against)
{
	const char *title = ds_text(ds_find(p->d, ""), NULL, "title");
	report_begin(p, title ? title : "run");
	report_head(p);
	report_answer(p);
	if (against) compare_view_html(against, p->html);
	report_grid(p);
	report_bulk(p);
	report_service(p);
	report_energy(p);
	report_spikes(p);
	report_homes(p);
	report_plants(p);
	report_cells(p);
	report_money(p);
	report_assumptions(p);
	report_limits(p);
	report_reproduce(p);
	report_glossary(p);
	report_end(p);
}

bool report_write(const struct dataset *d, const struct compare_view *against,
    const char *html_path, struct err_list *e)
{
	char *text;
	size_t size;
	struct page p = { .d = d, .html = open_memstream(&text, &size) };
	write_page(&p, against);
	fclose(p.html);
	report_warn_undrawn(&p, html_path, e);
	bool written = file_write(html_path, text, size, e);
	free(text);
	return written;
}
