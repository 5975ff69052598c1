/* Text that came from outside may hold any bytes; files of results, JSON and
 * HTML may hold UTF-8 only. */
#ifndef HEARTH_BASE_UTF8_H
#define HEARTH_BASE_UTF8_H

/* A copy in which every byte that is no part of well-formed UTF-8 (The Unicode
 * Standard 15, table 3-7) is replaced by U+FFFD. NULL gives "". The caller frees. */
char *utf8_repair(const char *s);

#endif
