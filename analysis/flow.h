/* A flow of energy as Sankey (1898) drew it: what comes on the left, what goes on the right,
 * each a band as wide as its part, through one bar that holds all of it. SVG of our own. */
#ifndef HEARTH_ANALYSIS_FLOW_H
#define HEARTH_ANALYSIS_FLOW_H

#include <stdio.h>

#include "analysis/figure.h"

/* Pixels that a figure of kind FIGURE_FLOW needs for its rows. */
int flow_height(const struct figure *f);

/* The inside of its <svg>, which is FIGURE_WIDTH wide and f->height high. */
void flow_draw(const struct figure *f, FILE *html);

#endif
