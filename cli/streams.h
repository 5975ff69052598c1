/* Standard streams that fail loudly.
 *
 * A result that did not reach its reader must not look like success: a full
 * device, a closed standard output, a pipe whose reader has gone. */
#ifndef HEARTH_CLI_STREAMS_H
#define HEARTH_CLI_STREAMS_H

/* To be called before anything else. Standard streams that were closed are
 * opened in a way that makes their use an error, so that no result file takes
 * their place; a broken pipe and a file above the size limit become errors. */
void streams_init(void);

/* To be called last: writes out what is buffered. Returns the status, or
 * STATUS_IO with a message when the standard output was lost. */
int streams_fini(int status);

#endif
