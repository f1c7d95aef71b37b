#include "intel/dns_text.h"

#include "intel/words.h"

#include <string.h>

static const struct field_rule CLIENT = {"client", FIELD_HOST, GROUP_NONE, KIND_COUNT};
static const struct field_rule QUERY = {"query", FIELD_NAME, GROUP_NONE, KIND_COUNT};
static const struct field_rule QUERY_HOST = {"query", FIELD_HOST, GROUP_NONE, KIND_COUNT};
static const struct field_rule ANSWER = {"answer", FIELD_HOST, GROUP_NONE, KIND_COUNT};

struct out {
    field_visit_fn *visit;
    void *context;
};

static void emit(const struct out *out, const struct field_rule *rule, struct str value)
{
    if (value.n == 0)
        return;
    struct field field = {{rule->path, strlen(rule->path)}, value, rule, value.p};
    out->visit(out->context, &field);
}

/* "client @0x7f… 192.0.2.1#5353 (evil.example): …"; older versions have no @. Views and keys stand before
 * the colon. */
static bool read_bind(struct str line, const struct out *out)
{
    struct str rest = line;
    if (!words_skip_to(&rest, "client "))
        return false;
    struct str address = words_next(&rest);
    if (words_starts(address, "@"))
        address = words_next(&rest);
    if (address.n == 0 || !memchr(address.p, '#', address.n))
        return false;
    struct str ip = words_until(&address, '#');
    struct str named = rest;
    struct str query = {NULL, 0};
    if (words_skip_to(&named, "query: "))
        query = words_next(&named);
    struct str bracket = rest;
    (void)words_until(&bracket, '(');
    if (query.n == 0 && bracket.n > 0)
        query = words_until(&bracket, ')');
    emit(out, &CLIENT, ip);
    emit(out, &QUERY, query);
    return true;
}

static bool all_digits(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < '0' || word.p[i] > '9')
            return false;
    return word.n > 0;
}

/* "query[A] name from ip" and "reply name is value", "forwarded name to ip", "/etc/hosts name is value", …;
 * with extra logging a serial number and "ip/port" stand before. */
static bool read_dnsmasq(struct str line, const struct out *out)
{
    struct str rest = line;
    if (!words_skip_to(&rest, "dnsmasq") || !words_skip_to(&rest, ": "))
        return false;
    struct str verb = words_next(&rest);
    if (all_digits(verb)) {
        struct str client = words_next(&rest);
        emit(out, &CLIENT, words_until(&client, '/'));
        verb = words_next(&rest);
    }
    struct str subject = words_next(&rest);
    struct str link = words_next(&rest);
    /* "gravity blocked name is …": verbs of two words. */
    while (link.n > 0 && !str_eq(link, "is") && !str_eq(link, "to") && !str_eq(link, "from")) {
        subject = link;
        link = words_next(&rest);
    }
    if (link.n == 0)
        return true; /* it says something else */
    emit(out, &QUERY_HOST, subject);
    emit(out, str_eq(link, "from") || str_eq(link, "to") ? &CLIENT : &ANSWER, words_next(&rest));
    (void)verb;
    return true;
}

static bool read_coredns(struct str line, const struct out *out)
{
    struct str rest = line;
    if (!words_skip_to(&rest, "[INFO] "))
        return false;
    struct str client = words_next(&rest);
    if (!words_skip_to(&rest, "\""))
        return false;
    struct str type = words_next(&rest);
    struct str class = words_next(&rest);
    struct str name = words_next(&rest);
    if (type.n == 0 || class.n == 0 || name.n == 0)
        return false;
    emit(out, &CLIENT, client);
    emit(out, &QUERY, name);
    return true;
}

/* "info: 192.0.2.1 evil.example. A IN"; with log-replies a result and times stand behind. */
static bool read_unbound(struct str line, const struct out *out)
{
    struct str rest = line;
    if (!words_skip_to(&rest, "info: "))
        return false;
    struct str client = words_next(&rest);
    struct str name = words_next(&rest);
    struct str type = words_next(&rest);
    struct str class = words_next(&rest);
    bool query = str_eq(class, "IN") || str_eq(class, "CH") || str_eq(class, "HS");
    if (client.n == 0 || name.n == 0 || type.n == 0 || !query)
        return false;
    /* "resolving evil.example. A IN" has a word where the client would be. */
    if (memchr(client.p, '.', client.n) || memchr(client.p, ':', client.n))
        emit(out, &CLIENT, words_until(&client, '@'));
    emit(out, &QUERY, name);
    return true;
}

bool dns_text_read(struct str line, field_visit_fn *visit, void *context)
{
    const struct out out = {visit, context};
    return read_dnsmasq(line, &out) || read_bind(line, &out) || read_unbound(line, &out) ||
           read_coredns(line, &out);
}
