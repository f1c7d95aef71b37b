#include "lib/http/trace.h"

#include "http/request_parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t http_split_none(struct http_split *split)
{
    (void)split;
    return SIZE_MAX;
}

size_t http_split_bytes(struct http_split *split)
{
    (void)split;
    return 1;
}

/* xorshift64: short pieces mostly. */
size_t http_split_random(struct http_split *split)
{
    uint64_t x = split->state | 1;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    split->state = x;
    return 1 + (size_t)(x >> 20) % ((x & 7) == 0 ? 200 : 6);
}

static void tell(const struct http_request *request, struct buf *out)
{
    struct str path = http_request_path(request);
    struct str query = http_request_query(request);
    buf_adds(out, http_method_name(request->method));
    buf_adds(out, " ");
    buf_add(out, path.p, path.n);
    if (query.p) {
        buf_adds(out, " ?");
        buf_add(out, query.p, query.n);
    }
    for (size_t i = 0; i < request->field_count; i++) {
        struct str name = http_request_slice(request, request->fields[i].name);
        struct str value = http_request_slice(request, request->fields[i].value);
        buf_adds(out, " [");
        buf_add(out, name.p, name.n);
        buf_adds(out, "=");
        buf_add(out, value.p, value.n);
        buf_adds(out, "]");
    }
    buf_adds(out, request->close ? " close" : "");
    buf_adds(out, request->expect_continue ? " continue" : "");
    buf_addf(out, " body=%zu:", request->body.size_bytes);
    buf_add(out, request->body.data, request->body.size_bytes);
    buf_adds(out, " ;");
}

/* One request; how many bytes it took goes to *used. */
static enum request_progress tell_one(const char *bytes, size_t size_bytes, struct http_split *split,
                                      struct buf *out, size_t *used)
{
    static const struct request_limits LIMITS = {HTTP_TRACE_LINE_MAX, HTTP_TRACE_HEAD_MAX,
                                                 HTTP_TRACE_FIELDS_MAX};
    struct request_parser parser;
    request_parser_init(&parser, &LIMITS);
    enum request_progress progress = REQUEST_MORE;
    size_t at = 0;
    while (progress == REQUEST_MORE && at < size_bytes) {
        size_t want = split->next(split);
        size_t piece = want < size_bytes - at ? want : size_bytes - at;
        /* The piece is a heap copy of its exact size, so that the sanitizer sees a read behind it. */
        char *copy = malloc(piece);
        size_t taken = 0;
        if (!copy)
            abort();
        memcpy(copy, bytes + at, piece);
        progress = request_parser_feed(&parser, copy, piece, &taken);
        free(copy);
        at += taken;
        if (progress == REQUEST_HEAD)
            progress = request_parser_accept(&parser, HTTP_TRACE_BODY_MAX);
    }
    struct err err;
    if (progress == REQUEST_DONE)
        tell(&parser.request, out);
    else if (progress == REQUEST_BAD)
        buf_addf(out, "!%d", request_parser_error(&parser, &err));
    request_parser_done(&parser);
    *used = at;
    return progress;
}

void http_trace(const char *bytes, size_t size_bytes, struct http_split split, struct buf *out)
{
    size_t at = 0;
    while (at < size_bytes) {
        size_t used = 0;
        enum request_progress progress = tell_one(bytes + at, size_bytes - at, &split, out, &used);
        at += used;
        if (progress == REQUEST_MORE)
            buf_adds(out, "…");
        if (progress != REQUEST_DONE)
            return;
    }
}

void http_trace_check_splits(const char *bytes, size_t size_bytes, uint64_t seed)
{
    const struct http_split splits[] = {
        {http_split_none, 0}, {http_split_bytes, 0}, {http_split_random, seed}, {http_split_random, ~seed}};
    struct buf want;
    struct buf got;
    size_t cap = 64 + 8 * size_bytes + 64 * (size_bytes / 16 + 1);
    buf_init(&want, cap);
    buf_init(&got, cap);
    http_trace(bytes, size_bytes, splits[0], &want);
    for (size_t i = 1; i < sizeof splits / sizeof splits[0]; i++) {
        buf_reset(&got);
        http_trace(bytes, size_bytes, splits[i], &got);
        if (want.size_bytes == got.size_bytes &&
            (want.size_bytes == 0 || memcmp(want.data, got.data, want.size_bytes) == 0))
            continue;
        fprintf(stderr, "split %zu, seed %llu\nwant %s\ngot  %s\n", i, (unsigned long long)seed, want.data,
                got.data);
        abort();
    }
    buf_done(&want);
    buf_done(&got);
}
