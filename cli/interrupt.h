/* A run that is told to stop leaves nothing half-done.
 *
 * Until a run is over there is no file to clean up, so INT, TERM, HUP and XCPU
 * end the process at once with STATUS_INTERRUPTED. While results are written
 * they are held off: writing takes moments and ends in a rename. */
#ifndef HEARTH_CLI_INTERRUPT_H
#define HEARTH_CLI_INTERRUPT_H

void interrupt_init(void);
void interrupt_hold(void); /* from here on they are ignored */

#endif
