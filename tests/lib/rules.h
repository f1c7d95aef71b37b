/* lib/rules.h — the rules of the repository for tests: as they are, or with a fault written into a copy. */
#ifndef LIB_RULES_H
#define LIB_RULES_H

#include "base/arena.h"
#include "domain/pack_set.h"

/* All files below rules/, in memory; an edit changes the copy only. */
struct rules_copy {
    struct arena arena;
    struct embed_file *files;
    struct embed_set set;
};

void rules_copy_open(struct rules_copy *copy);
void rules_copy_done(struct rules_copy *copy);

/* Replaces the first occurrence of a text in a file of the copy; fails the test when it is not there. */
void rules_copy_edit(struct rules_copy *copy, const char *path, const char *from, const char *to);
/* Adds a file. */
void rules_copy_add(struct rules_copy *copy, const char *path, const char *text);
/* The line of the first occurrence of a text in a file of the copy. */
int rules_copy_line(const struct rules_copy *copy, const char *path, const char *text);

/* A fault written into one file: `from` becomes `to`. Loading must then fail at the line on which the text
 * `at` stands, naming the file, with a message that contains `said`. */
struct rules_fault {
    const char *path;
    const char *from;
    const char *to;
    const char *at;
    const char *said;
};
void assert_rules_refused(const struct rules_fault *fault);

/* All of it, loaded; fails the test when it does not load. Free it with pack_set_free. */
struct pack_set *rules_load(void);

#endif
