/* Files that are compiled into the program, so that it needs them nowhere: the
 * build writes analysis/embedded.c from the list "embedded" in Makefile.am. */
#ifndef HEARTH_ANALYSIS_EMBEDDED_H
#define HEARTH_ANALYSIS_EMBEDDED_H

extern const char embedded_bars_gp[];    /* each with the text of analysis/bars.gp, ... */
extern const char embedded_common_gp[];
extern const char embedded_dumb_gp[];
extern const char embedded_figure_js[];
extern const char embedded_map_gp[];
extern const char embedded_report_css[];
extern const char embedded_roofline_gp[];
extern const char embedded_series_gp[];
extern const char embedded_share_gp[];
extern const char embedded_hearth[];     /* completion in bash, */
extern const char embedded__hearth[];    /* in zsh */
extern const char embedded_hearth_fish[];

#endif
