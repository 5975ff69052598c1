/* What may stand at the end of a command line that is being typed. */
#ifndef HEARTH_CLI_COMPLETE_H
#define HEARTH_CLI_COMPLETE_H

#include <stddef.h>
#include <stdio.h>

/* `word` are those after "hearth", the last one under way ("" where it has not begun). Writes a
 * line for each word that it can become: the word, a tab and its sentence. A word that ends in '='
 * wants more. A line ":files" asks the shell for files, ":files", a tab and "h5" for such with that
 * ending, ":folders" for folders. */
void complete_words(const char *const *word, size_t words, FILE *out);

#endif
