#include "desk/query_internal.h"

#include "base/civil.h"

#include <errno.h>
#include <stdlib.h>

static const struct query_row *const TABLES[] = {
    QUERIES_MATTERS, QUERIES_ACTS, QUERIES_DUTIES, QUERIES_PEERS, QUERIES_LAW, QUERIES_NODE, QUERIES_PAPER,
};

static const struct query_row *find(const char *name)
{
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++)
        for (const struct query_row *row = TABLES[i]; row->name; row++)
            if (streq(row->name, name))
                return row;
    return NULL;
}

bool query_known(const char *name)
{
    return find(name) != NULL;
}

enum errc query_run(const struct query_reader *reader, const struct query_ask *ask, struct arena *arena,
                    struct query_told *out, struct err *err)
{
    const struct query_row *row = find(ask->name);
    struct query_told told = {0};
    struct asked asked = {.reader = reader, .ask = ask, .arena = arena, .out = &told, .err = err};
    asked.view = (struct view){reader->catalogue, reader->packs, env_now_ms(reader->env)};
    if (!row)
        return err_set(err, ERR_INTERNAL, "there is no query '%.60s'", ask->name);
    enum errc rc = store_begin(reader->store, err); /* a reader's transaction: one view of the whole record */
    if (rc < 0)
        return rc;
    rc = row->fn(&asked);
    store_rollback(reader->store);
    if (rc < 0) {
        json_decref(told.doc);
        return rc;
    }
    *out = told;
    return ERR_OK;
}

/* --- parameters ----------------------------------------------------------------------------------- */

const char *asked_text(const struct asked *asked, const char *name)
{
    return asked->ask->param(asked->ask->context, name);
}

const char *asked_id(const struct asked *asked, const char *name)
{
    const char *id = asked_text(asked, name);
    return id ? id : "";
}

enum errc asked_wrong(struct asked *asked, const char *name, const char *why)
{
    enum errc rc = err_field(asked->err, ERR_INVALID, name, "%s", why);
    err_field_prefix(asked->err, "query");
    return rc;
}

enum errc asked_int(struct asked *asked, const char *name, int64_t min, int64_t max, int64_t *out)
{
    const char *text = asked_text(asked, name);
    char *end = NULL;
    char why[100];
    if (!text)
        return ERR_OK;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    bool digit = text[0] >= '0' && text[0] <= '9';
    if (digit && *end == '\0' && errno == 0 && number >= min && number <= max) {
        *out = number;
        return ERR_OK;
    }
    (void)snprintf(why, sizeof why, "a whole number from %lld to %lld is expected", (long long)min,
                   (long long)max);
    return asked_wrong(asked, name, why);
}

enum errc asked_bool(struct asked *asked, const char *name, bool *out)
{
    static const char *const WORDS[] = {"false", "true", NULL};
    int chosen = *out;
    enum errc rc = asked_word(asked, name, WORDS, &chosen);
    if (rc == ERR_OK)
        *out = chosen == 1;
    return rc;
}

enum errc asked_time(struct asked *asked, const char *name, int64_t *out_ms)
{
    const char *text = asked_text(asked, name);
    struct civil_date date;
    if (!text)
        return ERR_OK;
    if (civil_parse_date(text, &date, NULL) == ERR_OK) {
        *out_ms = civil_day_start_ms(date, CIVIL_CHINA_MIN);
        return ERR_OK;
    }
    if (civil_parse_time(text, out_ms, NULL) == ERR_OK)
        return ERR_OK;
    return asked_wrong(asked, name, "a date (2009-05-19) or a time (2009-05-19T21:50:00+08:00) is expected");
}

enum errc asked_word(struct asked *asked, const char *name, const char *const *words, int *out)
{
    const char *text = asked_text(asked, name);
    struct buf why;
    if (!text)
        return ERR_OK;
    for (int i = 0; words[i]; i++) {
        if (streq(words[i], text)) {
            *out = i;
            return ERR_OK;
        }
    }
    buf_init(&why, 1000);
    buf_adds(&why, "one of these is expected:");
    for (int i = 0; words[i]; i++)
        if (*words[i])
            buf_addf(&why, " %s", words[i]);
    enum errc rc = asked_wrong(asked, name, why.data ? why.data : "");
    buf_done(&why);
    return rc;
}

enum errc asked_words(struct asked *asked, const char *name, const char **out, size_t *out_count, size_t max)
{
    const char *text = asked_text(asked, name);
    size_t count = 0;
    while (text) {
        const char *comma = strchr(text, ',');
        size_t n = comma ? (size_t)(comma - text) : strlen(text);
        if (n == 0 || count == max)
            return asked_wrong(asked, name, n ? "too many words" : "a word is missing between the commas");
        out[count++] = arena_strndup(asked->arena, text, n);
        text = comma ? comma + 1 : NULL;
    }
    if (asked->arena->exhausted)
        return err_set(asked->err, ERR_NOMEM, "no memory for the parameters");
    *out_count = count;
    return ERR_OK;
}

enum errc asked_limit(struct asked *asked, size_t *out)
{
    int64_t limit = QUERY_LIMIT_DEFAULT;
    enum errc rc = asked_int(asked, "limit", 1, QUERY_LIMIT_MAX, &limit);
    *out = (size_t)limit;
    return rc;
}

enum errc asked_flags(struct asked *asked, const char *name, int (*parse)(const char *), bool *out)
{
    const char *words[ASKED_WORDS_MAX];
    size_t count = 0;
    enum errc rc = asked_words(asked, name, words, &count, ASKED_WORDS_MAX);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        int number = parse(words[i]);
        if (number < 0)
            rc = asked_wrong(asked, name, "there is no such word here");
        else
            out[number] = true;
    }
    return rc;
}

/* --- answers -------------------------------------------------------------------------------------- */

enum errc told(struct asked *asked, json_t *doc)
{
    asked->out->doc = doc;
    return doc ? ERR_OK : err_set(asked->err, ERR_NOMEM, "no memory for the answer");
}

enum errc told_list(struct asked *asked, json_t *items, const char *next)
{
    return told(asked, json_pack("{s:o,s:o}", "items", items, "next", text_json(next)));
}

json_t *text_json(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}
