/* lib/files.h — folders of the repository, for tests that read all files of a kind. */
#ifndef LIB_FILES_H
#define LIB_FILES_H

#include <stddef.h>

/* Sorted paths of a folder's files that end so; returns the count, at most max. Free each. */
size_t folder_list(const char *folder, const char *ending, char **out, size_t max);

#endif
