#include "intel/access_log.h"

#include "intel/ip.h"
#include "intel/words.h"

#include <string.h>

static const struct field_rule CLIENT = {"client", FIELD_HOST, GROUP_NONE, KIND_COUNT};
static const struct field_rule URL = {"url", FIELD_URL, GROUP_NONE, KIND_COUNT};
static const struct field_rule PEER = {"peer", FIELD_HOST, GROUP_NONE, KIND_COUNT};
static const struct field_rule VHOST = {"vhost", FIELD_HOST, GROUP_HTTP, KIND_COUNT};
static const struct field_rule REQUEST = {"request", FIELD_PATH, GROUP_HTTP, KIND_COUNT};
static const struct field_rule REFERER = {"referer", FIELD_URL, GROUP_NONE, KIND_COUNT};
static const struct field_rule FORWARDED = {"forwarded", FIELD_HOSTS, GROUP_NONE, KIND_COUNT};

struct out {
    struct read_space *space;
    field_visit_fn *visit;
    void *context;
};

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What stands for one character behind a backslash at *at, which moves to its last byte. */
static char unescape(struct str in, size_t *at)
{
    char c = in.p[++*at];
    int high = c == 'x' && in.n - *at > 2 ? hex(in.p[*at + 1]) : -1;
    int low = high >= 0 ? hex(in.p[*at + 2]) : -1;
    if (low < 0)
        return c;
    *at += 2;
    return (char)(high << 4 | low);
}

/* "\x22" and "\"" in quoted parts. */
static struct str decode(struct str in, struct read_space *space)
{
    if (in.n == 0 || !memchr(in.p, '\\', in.n))
        return in;
    char *to = space->bytes + space->used;
    size_t room = SPACE_BYTES - space->used;
    size_t n = 0;
    for (size_t i = 0; i < in.n && n < room; i++)
        to[n++] = in.p[i] == '\\' && i + 1 < in.n ? unescape(in, &i) : in.p[i];
    space->used += n;
    return (struct str){to, n};
}

static void emit(const struct out *out, const struct field_rule *rule, struct str value)
{
    if (value.n == 0 || str_eq(value, "-"))
        return;
    struct field field = {{rule->path, strlen(rule->path)}, decode(value, out->space), rule, value.p};
    out->visit(out->context, &field);
}

static bool number(struct str word, bool point)
{
    for (size_t i = 0; i < word.n; i++)
        if ((word.p[i] < '0' || word.p[i] > '9') && !(point && word.p[i] == '.'))
            return false;
    return word.n > 0;
}

static bool read_squid(struct str line, const struct out *out)
{
    struct str rest = line;
    struct str time = words_next(&rest);
    struct str elapsed = words_next(&rest);
    struct str client = words_next(&rest);
    struct str result = words_next(&rest);
    struct str size = words_next(&rest);
    struct str method = words_next(&rest);
    struct str url = words_next(&rest);
    if (!number(time, true) || !number(elapsed, false) || !number(size, false) || method.n == 0 ||
        url.n == 0 || !memchr(result.p, '/', result.n))
        return false;
    (void)words_next(&rest); /* the user */
    struct str peer = words_next(&rest);
    (void)words_until(&peer, '/');
    emit(out, &CLIENT, client);
    emit(out, &URL, url);
    emit(out, &PEER, peer);
    return true;
}

/* The inside of the next quoted part. */
static struct str quoted(struct str *rest)
{
    struct str none = {rest->p, 0};
    if (!words_skip_to(rest, "\""))
        return none;
    for (size_t i = 0; i < rest->n; i++) {
        if (rest->p[i] == '\\') {
            i++;
        } else if (rest->p[i] == '"') {
            struct str inside = {rest->p, i};
            *rest = (struct str){rest->p + i + 1, rest->n - i - 1};
            return inside;
        }
    }
    return none;
}

/* "GET /a HTTP/1.1"; targets may hold blanks that nobody escaped. */
static struct str target_of(struct str request)
{
    (void)words_next(&request);
    while (request.n > 0 && request.p[0] == ' ')
        request = (struct str){request.p + 1, request.n - 1};
    const char *blank = request.n > 0 ? memrchr(request.p, ' ', request.n) : NULL;
    return blank ? (struct str){request.p, (size_t)(blank - request.p)} : request;
}

static bool read_common(struct str line, const struct out *out)
{
    struct str rest = line;
    struct str head = words_until(&rest, '[');
    if (rest.n == 0 || head.n == 0 || !words_skip_to(&rest, "] \""))
        return false;
    rest = (struct str){rest.p - 1, rest.n + 1};
    struct str request = quoted(&rest);
    struct str status = words_next(&rest);
    if (!number(status, false) || status.n != 3)
        return false;
    struct str client = words_next(&head);
    struct str second = words_next(&head);
    struct ip ip;
    if (ip_parse(second, &ip)) { /* a virtual host stands before the client */
        emit(out, &VHOST, client);
        client = second;
    }
    emit(out, &CLIENT, client);
    emit(out, &REQUEST, target_of(request));
    emit(out, &REFERER, quoted(&rest));
    (void)quoted(&rest); /* the agent */
    emit(out, &FORWARDED, quoted(&rest));
    return true;
}

bool access_log_read(struct str line, struct read_space *space, field_visit_fn *visit, void *context)
{
    const struct out out = {space, visit, context};
    space->used = 0;
    return read_squid(line, &out) || read_common(line, &out);
}
