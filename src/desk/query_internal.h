/* desk/query_internal.h — what the files of the queries share. Only query*.c include it. */
#ifndef DESK_QUERY_INTERNAL_H
#define DESK_QUERY_INTERNAL_H

#include "base/str.h"
#include "desk/query.h"
#include "desk/view.h"
#include "store/subjects.h"

enum { ASKED_WORDS_MAX = 16 };

/* One question on its way. */
struct asked {
    const struct query_reader *reader;
    const struct query_ask *ask;
    struct view view;
    struct arena *arena;
    struct query_told *out;
    struct err *err;
};

typedef enum errc (*query_fn)(struct asked *asked);

struct query_row {
    const char *name;
    query_fn fn;
};

extern const struct query_row QUERIES_MATTERS[];
extern const struct query_row QUERIES_ACTS[];
extern const struct query_row QUERIES_DUTIES[];
extern const struct query_row QUERIES_PEERS[];
extern const struct query_row QUERIES_LAW[];
extern const struct query_row QUERIES_NODE[];
extern const struct query_row QUERIES_PAPER[];

/* --- parameters ----------------------------------------------------------------------------------- */

/* NULL when it was not given. */
const char *asked_text(const struct asked *asked, const char *name);
/* ERR_INVALID naming the parameter. */
MUST_USE enum errc asked_wrong(struct asked *asked, const char *name, const char *why);
/* A parameter of the path; the router has seen to it that it is there. */
const char *asked_id(const struct asked *asked, const char *name);

/* Absent parameters leave *out as it is. */
MUST_USE enum errc asked_int(struct asked *asked, const char *name, int64_t min, int64_t max, int64_t *out);
MUST_USE enum errc asked_bool(struct asked *asked, const char *name, bool *out);
/* A date (its first moment in China) or an instant. */
MUST_USE enum errc asked_time(struct asked *asked, const char *name, int64_t *out_ms);
/* One of the words; *out is its number. */
MUST_USE enum errc asked_word(struct asked *asked, const char *name, const char *const *words, int *out);
/* A comma-separated list; the parts are in the arena. */
MUST_USE enum errc asked_words(struct asked *asked, const char *name, const char **out, size_t *out_count,
                               size_t max);
MUST_USE enum errc asked_limit(struct asked *asked, size_t *out);
/* Every word of the list as a flag; parse gives -1 for an unknown one. */
MUST_USE enum errc asked_flags(struct asked *asked, const char *name, int (*parse)(const char *), bool *out);

/* The matter of the path; one of another type than the row of the API says is not there. */
MUST_USE enum errc asked_matter(struct asked *asked, struct subject *out);
/* The filter of a list of matters, from all the parameters that lists take. */
MUST_USE enum errc asked_matters(struct asked *asked, struct subject_filter *filter);

/* --- answers -------------------------------------------------------------------------------------- */

/* Takes the document; ERR_NOMEM for NULL. */
MUST_USE enum errc told(struct asked *asked, json_t *doc);
/* {"items":[…],"next":cursor or null}. Takes items. */
MUST_USE enum errc told_list(struct asked *asked, json_t *items, const char *next);

/* Of optional texts: json null for NULL and "". */
json_t *text_json(const char *text);

/* Bytes as a file; they are copied into the arena. NULL for file: no memory for its name. */
MUST_USE enum errc told_file(struct asked *asked, const struct buf *bytes, const char *media,
                             const char *file);

/* query_register.c: the rows of QUERIES_PAPER that are tables. */
enum errc query_register(struct asked *asked);
enum errc query_registers(struct asked *asked);
enum errc query_statistics(struct asked *asked);

#endif
