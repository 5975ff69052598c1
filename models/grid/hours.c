#include "models/grid/hours.h"

#include <string.h>

#include "base/text.h"

static const char *const month_name[12] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
	"sep", "oct", "nov", "dec" };

enum { NAME_SIZE = 3 };

static int month_named(const char *s)
{
	for (int m = 0; m < 12; m++)
		if (text_same_n(s, month_name[m], NAME_SIZE)) return m;
	return -1;
}

/* One month or a range, which may run over the year's end. Returns what is behind it. */
static const char *take_range(const char *s, unsigned *months)
{
	int from = month_named(s), to = from;
	if (from < 0) return NULL;
	s += NAME_SIZE;
	if (*s == '-') {
		to = month_named(s + 1);
		if (to < 0) return NULL;
		s += 1 + NAME_SIZE;
	}
	for (int m = from;; m = (m + 1) % 12) {
		*months |= 1u << m;
		if (m == to) return s;
	}
}

unsigned hours_months(const char *text)
{
	unsigned months = 0;
	if (!text) return 0xfff;
	while (*(text += strspn(text, " ")) != '\0') {
		text = take_range(text, &months);
		if (!text || (*text && *text != ' ')) return 0;
	}
	return months;
}

static bool is_day(int days, bool weekend)
{
	return days == DAYS_ALL || (days == DAYS_WEEKEND) == weekend;
}

bool hours_hold(const struct hours *h, unsigned months, const struct hours_day *day,
    double of_day_s)
{
	bool today = is_day(h->days, day->weekend) && months >> day->month & 1;
	bool before = is_day(h->days, day->weekend_before) && months >> day->month_before & 1;
	if (h->from_s < h->to_s) return today && of_day_s >= h->from_s && of_day_s < h->to_s;
	return (today && of_day_s >= h->from_s) || (before && of_day_s < h->to_s);
}

void hours_check(const struct hours *h, const struct object *o, struct err_list *e)
{
	const char *element = o->cls->element;
	if (h->from_s == h->to_s)
		err_at(e, object_attr_pos(o, "to"),
		    "%s: begins and ends at %g h; write from=\"0 h\" to=\"24 h\" for whole days",
		    element, h->from_s / 3600);
	if (!hours_months(h->months))
		err_at(e, object_attr_pos(o, "months"),
		    "%s: months=\"%s\": not months; write them as \"jun-sep\" or \"jan mar\"",
		    element, h->months);
}
