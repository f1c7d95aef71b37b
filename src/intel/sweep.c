#include "intel/sweep.h"

#include <stdlib.h>
#include <string.h>

struct sweep {
    struct examiner examiner;
    struct probe probe;
    struct tokens tokens;
    struct json_scan scan;
    struct read_space space;
    /* the block at hand */
    struct decoder *decoder;
    const char *block;
    size_t size;
    size_t record; /* the one whose fields are read */
    size_t done;   /* records before this offset were examined */
    enum errc rc;
    struct err *err;
};

enum errc sweep_new(struct sweep **out, struct err *err)
{
    struct sweep *sweep = malloc(sizeof *sweep);
    if (!sweep)
        return err_set(err, ERR_NOMEM, "no memory to match a log");
    sweep->tokens.count = 0;
    examiner_init(&sweep->examiner, NULL, NULL, NULL);
    *out = sweep;
    return ERR_OK;
}

void sweep_free(struct sweep *sweep)
{
    free(sweep);
}

struct examiner *sweep_examiner(struct sweep *sweep)
{
    return &sweep->examiner;
}

static size_t record_of(const struct sweep *sweep, const struct token *token)
{
    if (token->record != TOKEN_NO_RECORD)
        return token->record;
    const char *end = token->at > 0 ? memrchr(sweep->block, '\n', token->at) : NULL;
    return end ? (size_t)(end + 1 - sweep->block) : 0;
}

/* Looks all tokens up, and examines every record that has one with an indicator. */
static void flush(struct sweep *sweep)
{
    probe_run(&sweep->probe, sweep->block, &sweep->tokens);
    for (size_t i = 0; i < sweep->tokens.count && sweep->rc == ERR_OK; i++) {
        const struct token *token = &sweep->tokens.at[i];
        if (!token->found)
            continue;
        size_t start = record_of(sweep, token);
        if (start < sweep->done)
            continue;
        const char *behind;
        struct str rest = {sweep->block + start, sweep->size - start};
        struct str record = decoder_record(sweep->decoder, rest, &behind);
        sweep->rc = examine(&sweep->examiner, sweep->decoder, record, sweep->err);
        sweep->done = (size_t)(behind - sweep->block);
    }
    sweep->tokens.count = 0;
}

static void take(void *context, const struct field *field)
{
    struct sweep *sweep = context;
    struct token token = {.record = (uint32_t)sweep->record,
                          .type = (uint8_t)field->rule->type,
                          .group = (uint8_t)field->rule->group};
    if (field->rule->type == FIELD_PORT || sweep->rc < 0)
        return;
    bool inside = field->value.p >= sweep->block && field->value.p <= sweep->block + sweep->size;
    if (inside) {
        token.at = (uint32_t)(field->value.p - sweep->block);
        token.size = (uint32_t)field->value.n;
    } else {
        /* It was decoded: these bytes do not last. A host and a path are looked at together. */
        token.found = field->rule->group == GROUP_HTTP ||
                      probe_value(&sweep->probe, field->rule->type, field->value);
        if (!token.found)
            return;
    }
    if (sweep->tokens.count == TOKENS_MAX)
        flush(sweep);
    sweep->tokens.at[sweep->tokens.count++] = token;
}

static void sweep_json(struct sweep *sweep)
{
    json_scan_init(&sweep->scan, &sweep->decoder->table, sweep->block, sweep->size);
    bool more = true;
    while (more && sweep->rc == ERR_OK) {
        more = json_scan_more(&sweep->scan, &sweep->tokens);
        flush(sweep);
    }
}

static void sweep_records(struct sweep *sweep)
{
    const char *at = sweep->block;
    const char *end = sweep->block + sweep->size;
    while (at < end && sweep->rc == ERR_OK) {
        sweep->record = (size_t)(at - sweep->block);
        struct str record = decoder_record(sweep->decoder, (struct str){at, (size_t)(end - at)}, &at);
        if (decoder_has_headers(sweep->decoder) && record.n > 0 && record.p[0] == '#') {
            flush(sweep); /* these lines have the columns of the old header */
            zeek_header_line(&sweep->decoder->zeek, &sweep->decoder->table, record);
            continue;
        }
        /* Between the records of an array stands what is none. */
        if (sweep->decoder->spans && record.n > 0)
            sweep->record = (size_t)(record.p - sweep->block);
        decoder_read(sweep->decoder, record, &sweep->space, take, sweep);
    }
    if (sweep->rc == ERR_OK)
        flush(sweep);
}

static bool is_lines_of_json(const struct decoder *decoder)
{
    bool json = decoder->format == FORMAT_EVE || decoder->format == FORMAT_ZEEK_JSON ||
                decoder->format == FORMAT_JSON;
    return json && !decoder->spans;
}

enum errc sweep_block(struct sweep *sweep, const struct index *index, struct decoder *decoder,
                      const char *block, size_t size, struct err *err)
{
    sweep->examiner.index = index;
    probe_init(&sweep->probe, index);
    sweep->decoder = decoder;
    sweep->block = block;
    sweep->size = size;
    sweep->done = 0;
    sweep->tokens.count = 0;
    sweep->rc = ERR_OK;
    sweep->err = err;
    if (is_lines_of_json(decoder))
        sweep_json(sweep);
    else
        sweep_records(sweep);
    return sweep->rc;
}
