#include "analysis/gnuplot.h"

#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

void gnuplot_quote(FILE *script, const char *text)
{
	fputc('\'', script);
	for (; *text; text++) {
		if (*text == '\'') fputc('\'', script);
		fputc((unsigned char)*text < 0x20 ? ' ' : *text, script);
	}
	fputc('\'', script);
}

void gnuplot_label(FILE *script, const char *text)
{
	fputc('"', script);
	for (; *text; text++)
		fputc((unsigned char)*text < 0x20 || strchr("\"\\`", *text) ? ' ' : *text, script);
	fputc('"', script);
}

/* ---- the process ---- */

static bool is_dropped(const char *variable)
{
	static const char *const prefixes[] = { "LC_", "LANG", "GNUTERM", "GNUPLOT", "GDFONTPATH" };
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (!strncmp(variable, prefixes[i], strlen(prefixes[i]))) return true;
	return false;
}

/* Our environment without what could change a figure. The strings are borrowed. */
static char **plain_environment(void)
{
	size_t n = 0, kept = 0;
	while (environ[n]) n++;
	char **env = mem_new(n + 2, sizeof *env);
	for (size_t i = 0; i < n; i++)
		if (!is_dropped(environ[i])) env[kept++] = environ[i];
	env[kept] = (char *)"LC_ALL=C";
	return env;
}

/* Runs gnuplot with these files as its input and output; true: it ended well. */
static bool run_between(FILE *in, FILE *out)
{
	static const char *const argv[] = { "gnuplot", "-d", "-", NULL }; /* -d: no .gnuplot */
	char **env = plain_environment();
	posix_spawn_file_actions_t files;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, fileno(in), STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, fileno(out), STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	pid_t child;
	int status = -1;
	bool started = !posix_spawnp(&child, argv[0], &files, NULL, (char *const *)argv, env);
	while (started && waitpid(child, &status, 0) < 0) continue; /* EINTR */
	posix_spawn_file_actions_destroy(&files);
	free(env);
	return started && WIFEXITED(status) && !WEXITSTATUS(status);
}

static char *read_all(FILE *f)
{
	if (fseek(f, 0, SEEK_END)) return NULL;
	long size = ftell(f);
	if (size < 0) return NULL;
	rewind(f);
	char *text = mem_new((size_t)size + 1, 1);
	text[fread(text, 1, (size_t)size, f)] = '\0';
	return text;
}

/* Files and not pipes: with pipes both sides could wait for each other. */
char *gnuplot_run(const char *script)
{
	FILE *in = tmpfile(), *out = tmpfile();
	char *svg = NULL;
	bool ready = in && out && fputs(script, in) >= 0 && !fflush(in);
	if (ready) rewind(in);
	if (ready && run_between(in, out)) svg = read_all(out);
	if (in) fclose(in);
	if (out) fclose(out);
	return svg;
}

/* ---- the drawing ---- */

/* Copies `from` up to `end` without each stretch from `open` to `close`. */
static char *without(const char *from, const char *open, const char *close)
{
	char *text = mem_new(strlen(from) + 1, 1), *to = text;
	for (;;) {
		const char *begin = strstr(from, open);
		const char *end = begin ? strstr(begin + strlen(open), close) : NULL;
		if (!end) break;
		to = mempcpy(to, from, (size_t)(begin - from));
		from = end + strlen(close);
	}
	strcpy(to, from);
	return text;
}

static char *replaced(const char *from, const char *old, const char *new)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	for (const char *at; (at = strstr(from, old)); from = at + strlen(old)) {
		fwrite(from, 1, (size_t)(at - from), out);
		fputs(new, out);
	}
	fputs(from, out);
	fclose(out);
	return text;
}

/* Stretches of an SVG that a page does not want, in the order in which they go. The
 * scripts are for wheel, keys and menu of a page that is one figure; ours is figure.js. */
static const struct { const char *open, *close; } cuts[] = {
	{ "<!--", "-->" },
	{ "<defs>", "</defs>" },
	{ "<title>", "</title>" },
	{ "<desc>", "</desc>" },
	{ "<script type=\"text/javascript\" xlink", "/>" },
	{ "<script", "</script>" },
	{ "<rect x=\"0\"", "/>" }, /* the frame */
	{ "<text id=\"coord_text\"", "</text>" },
	{ "<rect id=\"hypertextbox\"", "/>" },
	{ "<text id=\"hypertext\"", "</text>" },
	{ "<image id=\"hyperimage\"", "/>" },
	{ "<image x='10' y='", "toggleGrid();'/>" },
	{ " onclick=\"", "\"" },
	{ " onmousemove=\"", "\"" },
	{ " color=\"", "\"" },
};

/* Without identifiers but those of the figure's own parts. */
static char *with_ids_of(const char *from, const char *name)
{
	static const char id[] = " id=\"";
	char *text = mem_new(strlen(from) + 1, 1), *to = text;
	size_t length = strlen(name);
	for (const char *at; (at = strstr(from, id));) {
		const char *word = at + strlen(id), *end = strchr(word, '"');
		bool own = !strncmp(word, name, length) && word[length] == '_';
		if (!end) break;
		to = mempcpy(to, from, (size_t)((own ? end + 1 : at) - from));
		from = end + 1;
	}
	strcpy(to, from);
	return text;
}

/* Takes `old`, the caller's. */
static char *instead(char *old, char *new)
{
	free(old);
	return new;
}

char *gnuplot_drawing(const char *svg, const char *name)
{
	static const char *const inks[] = { /* as gnuplot writes #010203 */
		"rgb(  1,   2,   3)", "rgb(1,2,3)",
	};
	const char *begin = strstr(svg, "<svg"), *end = strstr(svg, "</svg>");
	begin = begin ? strchr(begin, '>') : NULL;
	if (!begin || !end || end < begin) return NULL;
	char *text = mem_text_n(begin + 1, (size_t)(end - begin) - 1);
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
		text = instead(text, without(text, cuts[i].open, cuts[i].close));
	text = instead(text, with_ids_of(text, name));
	for (size_t i = 0; i < sizeof inks / sizeof *inks; i++)
		text = instead(text, replaced(text, inks[i], "currentColor"));
	return text;
}

/* "gnuplot_svg.plot_xmin = 59.1;" */
static bool told(const char *svg, const char *name, double *value)
{
	char *key = mem_print("gnuplot_svg.plot_%s = ", name), *end;
	const char *at = strstr(svg, key), *number = at ? at + strlen(key) : NULL;
	free(key);
	if (!number) return false;
	*value = strtod(number, &end);
	return end > number && isfinite(*value);
}

bool gnuplot_axes_of(const char *svg, struct gnuplot_axes *axes)
{
	double log_x, log_y;
	if (!told(svg, "logaxis_x", &log_x) || !told(svg, "logaxis_y", &log_y)) return false;
	axes->log_x = log_x != 0;
	axes->log_y = log_y != 0;
	return told(svg, "xmin", &axes->left) && told(svg, "xmax", &axes->right) &&
	       told(svg, "ytop", &axes->top) && told(svg, "ybot", &axes->bottom) &&
	       told(svg, "axis_xmin", &axes->x0) && told(svg, "axis_xmax", &axes->x1) &&
	       told(svg, "axis_ymin", &axes->y0) && told(svg, "axis_ymax", &axes->y1);
}
