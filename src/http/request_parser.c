#include "http/request_parser.h"

#include "http/chars.h"

#include <stdlib.h>

enum { TEXT_ROOM_MIN = 512, METHOD_BYTES_MAX = 16, SIZE_DIGITS_MAX = 8, EXTENSION_BYTES_MAX = 1024 };

/* The head, byte by byte. A trailer walks through the same field states; FIELD_START's CR ends both.
 *
 *   METHOD ─ SP ─► TARGET ─ SP ─► VERSION ─ CR ─► LINE_LF ─ LF ─► FIELD_START ─ CR ─► HEAD_LF ─ LF ─► HEAD
 *                                                                  │  ▲                      (or DONE)
 *                                                              tchar  LF
 *                                                                  ▼  │
 *                            NAME ─ ':' ─► VALUE_START ─► VALUE ─ CR ─► FIELD_LF
 *
 *   SIZE ─ ';' ─► EXT_START ─► EXT_NAME ─ '=' ─► EXT_VALUE ─► EXT_TOKEN │ EXT_QUOTED ⇄ EXT_ESCAPE ─► EXT_END
 *   SIZE, EXT_* ─ CR ─► SIZE_LF ─ LF ─► DATA ─► DATA_CR ─► DATA_LF ─► SIZE
 *                               └── size 0 ─► FIELD_START of the trailer
 */
enum state {
    S_METHOD,
    S_TARGET,
    S_VERSION,
    S_LINE_LF,
    S_FIELD_START,
    S_NAME,
    S_VALUE_START,
    S_VALUE,
    S_FIELD_LF,
    S_HEAD_LF,
    S_SIZE,
    S_EXT_START,
    S_EXT_NAME,
    S_EXT_VALUE,
    S_EXT_TOKEN,
    S_EXT_QUOTED,
    S_EXT_ESCAPE,
    S_EXT_END,
    S_SIZE_LF,
    S_DATA_CR,
    S_DATA_LF,
    S_STEP_COUNT, /* the states above take one byte at a time */
    S_FIXED = S_STEP_COUNT,
    S_DATA,
    S_HEAD,
    S_DONE,
    S_BAD
};

static void bad(struct request_parser *parser, enum errc code, int status, const char *why)
{
    parser->fault = (struct request_fault){code, status, "", why};
    parser->state = S_BAD;
}

static void bad_syntax(struct request_parser *parser, const char *why)
{
    bad(parser, ERR_SYNTAX, 400, why);
}

/* Appends one byte to the text of the head, which grows by doubling. */
static void keep(struct request_parser *parser, char c)
{
    struct http_request *request = &parser->request;
    if (request->text_n == request->text_room) {
        uint32_t room = request->text_room ? request->text_room * 2 : TEXT_ROOM_MIN;
        char *text = realloc(request->text, room);
        if (!text) {
            bad(parser, ERR_NOMEM, 503, "no memory for the head of the request");
            return;
        }
        request->text = text;
        request->text_room = room;
    }
    request->text[request->text_n++] = c;
}

static struct http_span token(const struct request_parser *parser)
{
    return (struct http_span){parser->mark, parser->request.text_n - parser->mark};
}

static void next_token(struct request_parser *parser, int state)
{
    parser->mark = parser->request.text_n;
    parser->state = state;
}

/* --- request line --------------------------------------------------------------------------------- */

static void step_method(struct request_parser *parser, char c)
{
    struct http_span span = token(parser);
    if (char_is(c, CHAR_TOKEN) && span.n < METHOD_BYTES_MAX) {
        keep(parser, c);
    } else if (c == ' ' && span.n > 0) {
        int method = http_method_parse(http_request_slice(&parser->request, span));
        if (method < 0) {
            bad(parser, ERR_UNSUPPORTED, 501,
                "the method is not one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
            return;
        }
        parser->request.method = (enum http_method)method;
        next_token(parser, S_TARGET);
    } else {
        bad_syntax(parser, "a request starts with a method and one space");
    }
}

static void step_target(struct request_parser *parser, char c)
{
    if (c == ' ') {
        if (rules_target(&parser->request, token(parser), &parser->fault))
            next_token(parser, S_VERSION);
        else
            parser->state = S_BAD;
    } else if (!char_is(c, CHAR_URI)) {
        bad_syntax(parser, "the request target holds a byte that must be percent-encoded");
    } else if (parser->head_bytes > parser->limits.line_bytes_max) {
        bad(parser, ERR_LIMIT, 414, "the request line is too long");
    } else {
        keep(parser, c);
    }
}

static void step_version(struct request_parser *parser, char c)
{
    static const char KNOWN[] = "HTTP/1.";
    enum { MAJOR_AT = 5, DOT_AT = 6, MINOR_AT = 7, VERSION_LENGTH = 8 };
    uint32_t at = token(parser).n;
    bool digit = c >= '0' && c <= '9';
    bool fits = at == MAJOR_AT || at == MINOR_AT ? digit : at < VERSION_LENGTH && c == KNOWN[at];
    if (at == VERSION_LENGTH && c == '\r') {
        const char *version = parser->request.text + parser->mark;
        if (version[MAJOR_AT] != '1' || version[MINOR_AT] > '1') {
            bad(parser, ERR_UNSUPPORTED, 505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
            return;
        }
        parser->request.minor = version[MINOR_AT] - '0';
        /* A client of HTTP/1.0 gets one answer a connection. */
        parser->request.close = parser->request.minor == 0;
        parser->state = S_LINE_LF;
    } else if (fits) {
        keep(parser, c);
    } else {
        bad_syntax(parser, "the request line must end in HTTP/1.1 and CR LF");
    }
}

/* --- fields --------------------------------------------------------------------------------------- */

static void step_line_lf(struct request_parser *parser, char c)
{
    if (c != '\n') {
        bad_syntax(parser, "a CR that is not followed by LF");
        return;
    }
    if (parser->line > 0)
        parser->line++;
    parser->state = S_FIELD_START;
}

static void step_field_start(struct request_parser *parser, char c)
{
    if (c == '\r') {
        parser->state = S_HEAD_LF;
    } else if (char_is(c, CHAR_TOKEN)) {
        if (parser->request.field_count == parser->limits.field_count_max) {
            bad(parser, ERR_LIMIT, 431, "too many header fields");
            return;
        }
        next_token(parser, S_NAME);
        keep(parser, char_lower(c));
    } else if (c == ' ' || c == '\t') {
        bad_syntax(parser, "a folded header line, which RFC 9112 has abolished");
    } else {
        bad_syntax(parser, "a header line must start with a field name");
    }
}

static void step_name(struct request_parser *parser, char c)
{
    if (char_is(c, CHAR_TOKEN)) {
        keep(parser, char_lower(c));
    } else if (c == ':') {
        parser->name = token(parser);
        next_token(parser, S_VALUE_START);
    } else {
        bad_syntax(parser, "a field name must be followed by a colon at once");
    }
}

static void end_field(struct request_parser *parser)
{
    struct http_request *request = &parser->request;
    struct http_field field = {parser->name, {parser->mark, parser->value_end - parser->mark}};
    if (!rules_field(request, &field, parser->in_trailer, &parser->fault)) {
        parser->state = S_BAD;
        return;
    }
    if (!parser->in_trailer)
        request->fields[request->field_count++] = field;
    parser->state = S_FIELD_LF;
}

static void step_value(struct request_parser *parser, char c)
{
    bool blank = c == ' ' || c == '\t';
    if (parser->state == S_VALUE_START && blank)
        return;
    if (parser->state == S_VALUE_START)
        parser->value_end = parser->mark;
    parser->state = S_VALUE;
    if (c == '\r') {
        end_field(parser);
    } else if (char_is(c, CHAR_FIELD)) {
        keep(parser, c);
        if (!blank)
            parser->value_end = parser->request.text_n;
    } else {
        bad_syntax(parser, "a control character in a field value");
    }
}

static void step_head_lf(struct request_parser *parser, char c)
{
    if (c != '\n')
        bad_syntax(parser, "a CR that is not followed by LF");
    else if (parser->in_trailer)
        parser->state = S_DONE;
    else
        parser->state = rules_head(&parser->request, &parser->fault) ? S_HEAD : S_BAD;
}

/* --- chunks --------------------------------------------------------------------------------------- */

static void end_size(struct request_parser *parser)
{
    if (parser->left_bytes > parser->body_bytes_max - parser->request.body.size_bytes)
        bad(parser, ERR_LIMIT, 413, "the body is larger than this operation takes");
    else
        parser->state = S_SIZE_LF;
}

static void step_size(struct request_parser *parser, char c)
{
    if (char_is(c, CHAR_HEX) && parser->digits < SIZE_DIGITS_MAX) {
        parser->left_bytes = parser->left_bytes * 16 + (uint64_t)char_hex(c);
        parser->digits++;
    } else if (parser->digits > 0 && c == '\r') {
        end_size(parser);
    } else if (parser->digits > 0 && c == ';') {
        parser->state = S_EXT_START;
    } else {
        bad_syntax(parser, "a chunk size must be one to eight hexadecimal digits");
    }
}

/* ;name, ;name=token or ;name="quoted text": known to no one here, so checked and dropped. */
static int extension_next(int state, char c)
{
    bool word = char_is(c, CHAR_TOKEN);
    bool whole = state == S_EXT_NAME || state == S_EXT_TOKEN || state == S_EXT_END;
    if (whole && (c == '\r' || c == ';'))
        return c == ';' ? S_EXT_START : S_SIZE_LF;
    switch (state) {
    case S_EXT_START: return word ? S_EXT_NAME : S_BAD;
    case S_EXT_NAME: return word ? S_EXT_NAME : c == '=' ? S_EXT_VALUE : S_BAD;
    case S_EXT_VALUE: return word ? S_EXT_TOKEN : c == '"' ? S_EXT_QUOTED : S_BAD;
    case S_EXT_TOKEN: return word ? S_EXT_TOKEN : S_BAD;
    case S_EXT_QUOTED: return c == '"' ? S_EXT_END : c == '\\' ? S_EXT_ESCAPE : S_EXT_QUOTED;
    case S_EXT_ESCAPE: return S_EXT_QUOTED;
    default: return S_BAD;
    }
}

static void step_extension(struct request_parser *parser, char c)
{
    bool quoted = parser->state == S_EXT_QUOTED || parser->state == S_EXT_ESCAPE;
    int next = quoted && !char_is(c, CHAR_FIELD) ? S_BAD : extension_next(parser->state, c);
    if (++parser->extension_bytes > EXTENSION_BYTES_MAX)
        bad(parser, ERR_LIMIT, 413, "the chunk extensions are too long");
    else if (next == S_BAD)
        bad_syntax(parser, "a chunk extension that cannot be read");
    else if (next == S_SIZE_LF)
        end_size(parser);
    else
        parser->state = next;
}

static void step_size_lf(struct request_parser *parser, char c)
{
    if (c != '\n') {
        bad_syntax(parser, "a chunk size must end in CR LF");
        return;
    }
    parser->digits = 0;
    parser->in_trailer = parser->left_bytes == 0;
    parser->state = parser->in_trailer ? S_FIELD_START : S_DATA;
}

static void step_data_end(struct request_parser *parser, char c)
{
    bool cr = parser->state == S_DATA_CR;
    if (c != (cr ? '\r' : '\n'))
        bad_syntax(parser, "a chunk must end in CR LF behind its last byte");
    else
        parser->state = cr ? S_DATA_LF : S_SIZE;
}

static void (*const STEPS[S_STEP_COUNT])(struct request_parser *parser, char c) = {
    [S_METHOD] = step_method,
    [S_TARGET] = step_target,
    [S_VERSION] = step_version,
    [S_LINE_LF] = step_line_lf,
    [S_FIELD_START] = step_field_start,
    [S_NAME] = step_name,
    [S_VALUE_START] = step_value,
    [S_VALUE] = step_value,
    [S_FIELD_LF] = step_line_lf,
    [S_HEAD_LF] = step_head_lf,
    [S_SIZE] = step_size,
    [S_EXT_START] = step_extension,
    [S_EXT_NAME] = step_extension,
    [S_EXT_VALUE] = step_extension,
    [S_EXT_TOKEN] = step_extension,
    [S_EXT_QUOTED] = step_extension,
    [S_EXT_ESCAPE] = step_extension,
    [S_EXT_END] = step_extension,
    [S_SIZE_LF] = step_size_lf,
    [S_DATA_CR] = step_data_end,
    [S_DATA_LF] = step_data_end,
};

/* --- outside -------------------------------------------------------------------------------------- */

void request_parser_init(struct request_parser *parser, const struct request_limits *limits)
{
    *parser = (struct request_parser){.limits = *limits, .line = 1, .state = S_METHOD};
    if (parser->limits.field_count_max > HTTP_FIELDS_MAX)
        parser->limits.field_count_max = HTTP_FIELDS_MAX;
}

void request_parser_done(struct request_parser *parser)
{
    http_request_done(&parser->request);
}

/* Many bytes of the body at once. */
static size_t take_body(struct request_parser *parser, const char *bytes, size_t size_bytes)
{
    size_t n = size_bytes < parser->left_bytes ? size_bytes : (size_t)parser->left_bytes;
    struct buf *body = &parser->request.body;
    buf_add(body, bytes, n);
    if (body->failed) {
        bad(parser, ERR_NOMEM, 503, "no memory for the body of the request");
        return n;
    }
    parser->left_bytes -= n;
    if (parser->left_bytes == 0)
        parser->state = parser->state == S_DATA ? S_DATA_CR : S_DONE;
    return n;
}

static enum request_progress progress(const struct request_parser *parser)
{
    switch (parser->state) {
    case S_HEAD: return REQUEST_HEAD;
    case S_DONE: return REQUEST_DONE;
    case S_BAD: return REQUEST_BAD;
    default: return REQUEST_MORE;
    }
}

enum request_progress request_parser_feed(struct request_parser *parser, const char *bytes, size_t size_bytes,
                                          size_t *used)
{
    size_t i = 0;
    while (i < size_bytes && parser->state < S_HEAD) {
        if (parser->state >= S_STEP_COUNT) {
            i += take_body(parser, bytes + i, size_bytes - i);
            continue;
        }
        if (parser->state <= S_HEAD_LF && ++parser->head_bytes > parser->limits.head_bytes_max)
            bad(parser, ERR_LIMIT, 431, "the header fields are too long");
        else
            STEPS[parser->state](parser, bytes[i++]);
    }
    *used = i;
    return progress(parser);
}

enum request_progress request_parser_accept(struct request_parser *parser, size_t body_bytes_max)
{
    struct http_request *request = &parser->request;
    parser->body_bytes_max = body_bytes_max;
    parser->line = 0;
    buf_init(&request->body, body_bytes_max);
    if (request->chunked) {
        parser->state = S_SIZE;
    } else if (!request->has_length || request->length_bytes == 0) {
        parser->state = S_DONE;
    } else if (request->length_bytes > body_bytes_max) {
        bad(parser, ERR_LIMIT, 413, "the body is larger than this operation takes");
    } else {
        parser->left_bytes = request->length_bytes;
        parser->state = S_FIXED;
    }
    return progress(parser);
}

int request_parser_error(const struct request_parser *parser, struct err *err)
{
    const struct request_fault *fault = &parser->fault;
    (void)err_field(err, fault->code, fault->field, "%s", fault->why);
    if (err)
        err->line = parser->line;
    return fault->status;
}

bool request_parser_idle(const struct request_parser *parser)
{
    return parser->state == S_METHOD && parser->request.text_n == 0;
}
