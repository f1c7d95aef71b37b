/* lib/files.h — folders of the repository, for tests that read all files of a kind.
 *
 * Tests run in the root of the repository.
 */
#ifndef LIB_FILES_H
#define LIB_FILES_H

#include "base/embed.h"

/* Sorted paths of a folder's files that end so; returns the count, at most max. Free each. */
size_t folder_list(const char *folder, const char *ending, char **out, size_t max);

/* All .yaml files of the folder and of its direct subfolders, as if they were built in: "acts/x.yaml" for
 * folder_set("api"). Drop it with folder_set_free. */
struct embed_set folder_set(const char *folder);
void folder_set_free(struct embed_set *set);

#endif
