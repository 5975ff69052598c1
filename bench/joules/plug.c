/* A smart plug: the only meter that sees what the wall delivers. Asked over HTTP once a
 * second, which is as often as plugs have news. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/joules/http.h"
#include "bench/joules/plug_answer.h"
#include "bench/joules/source.h"

enum { BODY_MAX = 16 << 10 };

struct plug {
	struct http_url url;
	const char *path; /* url.path, or the one of the list that answered */
	char body[BODY_MAX];
};

/* Tried in this order where the user gave none. */
static const char *const paths[] = {
	"/rpc/Switch.GetStatus?id=0", /* Shelly from the second generation on */
	"/meter/0",                   /* Shelly, first generation */
	"/cm?cmnd=Status%208",        /* Tasmota */
};

static bool ask(struct plug *p, const char *path, double timeout_s, struct plug_answer *a,
    char *why, size_t why_size)
{
	int status = http_get(&p->url, path, timeout_s, p->body, sizeof p->body, why, why_size);
	if (status == 200) return plug_answer_parse(p->body, a, why, why_size);
	if (status == 401 || status == 403)
		snprintf(why, why_size, "it asks for a password: let it tell its status without one");
	else if (status > 0)
		snprintf(why, why_size, "it answers %.100s with status %d", path, status);
	return false;
}

/* The first path that answers with power. Of several reasons the most telling is kept:
 * what came with an answer of a plug, not that there is no such path. */
static bool find_path(struct plug *p, struct plug_answer *a, char *why, size_t why_size)
{
	char reason[160];
	p->path = p->url.path;
	if (*p->path && strcmp(p->path, "/")) return ask(p, p->path, 3, a, why, why_size);
	*why = '\0';
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		p->path = paths[i];
		if (ask(p, paths[i], 3, a, reason, sizeof reason)) return true;
		if (!*why || !strstr(reason, "with status")) snprintf(why, why_size, "%s", reason);
		if (!strncmp(reason, p->url.host, strlen(p->url.host))) break; /* nobody is there */
	}
	return false;
}

static bool plug_open(struct joules_source *s, const struct joules_setup *setup,
    const char *arg, struct joules_skip *skip)
{
	(void)setup;
	char why[160];
	struct plug_answer a;
	if (!arg)
		return joules_skip_say(skip, "no plug named",
		    "a plug is asked when its address is given: --energy-source=plug:http://ADDRESS");
	struct plug *p = mem_new(1, sizeof *p);
	if (!http_url_parse(arg, &p->url, why, sizeof why) || !find_path(p, &a, why, sizeof why)) {
		free(p);
		return joules_skip_say(skip, "plug tells nothing", "plug %.80s: %s", arg, why);
	}
	s->state = p;
	s->scope = ENERGY_WALL;
	s->news_s = 1;
	s->window_s = 10;
	struct joules_channel *c = joules_channel_add(s, p->url.host);
	c->counts = a.counts;
	c->unit_j = c->quantum_j = a.unit_j;
	joules_text_add(s, a.make);
	joules_text_add(s, p->url.host);
	return true;
}

static bool plug_read(void *state, struct joules_value *value, char *why, size_t why_size)
{
	struct plug *p = state;
	struct plug_answer a;
	char reason[160];
	if (ask(p, p->path, 1, &a, reason, sizeof reason)) {
		*value = (struct joules_value){ a.count, a.power_w };
		return true;
	}
	snprintf(why, why_size, "plug: %s", reason);
	return false;
}

const struct joules_class joules_plug = {
	.name = "plug",
	.open = plug_open,
	.close = free,
	.read = plug_read,
};
