#include "intel/indicator.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

size_t indicator_digest(struct str text, uint8_t out[DIGEST_MAX])
{
    char digits[2 * DIGEST_MAX];
    size_t n = 0;
    bool colons = text.n > 2 && text.p[2] == ':';
    if (text.n < 32 || text.n > 3 * DIGEST_MAX)
        return 0;
    for (size_t i = 0; i < text.n; i++) {
        if (colons && i % 3 == 2) {
            if (text.p[i] != ':')
                return 0;
            continue;
        }
        if (n == sizeof digits)
            return 0;
        digits[n++] = text.p[i];
    }
    if ((n != 32 && n != 40 && n != 64) || !hex_decode(digits, n, out, n / 2))
        return 0;
    return n / 2;
}

static bool read_hash(struct str text, enum kind hash64_kind, struct indicator *out)
{
    static const enum kind NAMED[] = {KIND_MD5, KIND_SHA1, KIND_SHA256, KIND_SM3};
    int named = -1;
    for (size_t i = 0; i < sizeof NAMED / sizeof NAMED[0]; i++) {
        size_t n = strlen(kind_name(NAMED[i]));
        if (text.n > n && text.p[n] == ':' && strncasecmp(text.p, kind_name(NAMED[i]), n) == 0) {
            named = (int)NAMED[i];
            text = (struct str){text.p + n + 1, text.n - n - 1};
            break;
        }
    }
    size_t bytes = indicator_digest(text, out->digest);
    if (named >= 0) {
        out->kind = (enum kind)named;
        return bytes == kind_digest_bytes(out->kind);
    }
    out->kind = bytes == 16 ? KIND_MD5 : bytes == 20 ? KIND_SHA1 : hash64_kind;
    return bytes > 0;
}

static bool read_ip(struct str text, struct indicator *out)
{
    struct str inner = text;
    if (text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
        inner = (struct str){text.p + 1, text.n - 2};
    if (ip_parse(inner, &out->ip)) {
        out->length = out->ip.bits;
    } else if (!ip_parse_prefix(text, &out->ip, &out->length)) {
        if (!ip_parse_endpoint(text, &out->ip, &out->port))
            return false;
        out->kind = KIND_ENDPOINT;
        return true;
    }
    out->kind = out->ip.bits == 32 ? KIND_IPV4 : KIND_IPV6;
    return true;
}

static bool read_url(struct str text, struct indicator *out)
{
    struct url url;
    if (!url_parse(text, URL_LISTED, &url) || url.size > URL_LISTED_MAX)
        return false;
    /* "1.2.3.4/33" was meant as a prefix. */
    uint32_t length;
    struct str path = {url.text + url.authority_size + 1, url.size - url.authority_size - 1};
    if (url.has_ip && url.scheme == SCHEME_NONE && ip_parse_decimal(path, 999, &length))
        return false;
    out->kind = KIND_URL;
    out->scheme = url.scheme;
    out->text_size = url.size;
    memcpy(out->text, url.text, url.size + 1);
    return true;
}

static bool read_domain(struct str text, struct indicator *out)
{
    size_t skip = 0;
    if (text.n > 2 && text.p[0] == '*' && text.p[1] == '.')
        skip = 2;
    else if (text.n > 1 && text.p[0] == '.')
        skip = 1;
    out->text_size = name_indicator((struct str){text.p + skip, text.n - skip}, out->text);
    /* A bare word is more likely a slip than a top-level domain. */
    if (out->text_size == 0 || (skip == 0 && !memchr(out->text, '.', out->text_size)))
        return false;
    out->kind = KIND_DOMAIN;
    out->scheme = SCHEME_NONE;
    return true;
}

/* "evil[.]example", "evil(.)example", "http[:]//" → as they were. */
static struct str refang(struct str text, char out[URL_LISTED_MAX])
{
    static const char *const MARKS[] = {"[.]", "(.)", "[:]", "[/]", "{.}"};
    if (text.n > URL_LISTED_MAX || text.n < 3)
        return text;
    size_t n = 0;
    bool changed = false;
    for (size_t i = 0; i < text.n;) {
        size_t mark = 0;
        while (mark < sizeof MARKS / sizeof MARKS[0] &&
               (text.n - i < 3 || memcmp(text.p + i, MARKS[mark], 3) != 0))
            mark++;
        bool found = mark < sizeof MARKS / sizeof MARKS[0];
        out[n++] = found ? MARKS[mark][1] : text.p[i];
        i += found ? 3 : 1;
        changed = changed || found;
    }
    return changed ? (struct str){out, n} : text;
}

bool indicator_parse(struct str text, enum kind hash64_kind, struct indicator *out)
{
    char plain[URL_LISTED_MAX];
    if (text.n < 2)
        return false;
    if (read_hash(text, hash64_kind, out))
        return true;
    if (text.p[0] == '+' || (text.n > 4 && strncasecmp(text.p, "tel:", 4) == 0)) {
        out->kind = KIND_NUMBER;
        return number_parse(text, &out->range);
    }
    if (memchr(text.p, '[', text.n) || memchr(text.p, '(', text.n) || memchr(text.p, '{', text.n))
        text = refang(text, plain);
    if (read_ip(text, out))
        return true;
    if (memchr(text.p, '/', text.n) || memchr(text.p, ':', text.n))
        return read_url(text, out);
    return read_domain(text, out);
}

size_t indicator_format(const struct indicator *indicator, char out[INDICATOR_TEXT_SIZE])
{
    char text[IP_TEXT_SIZE];
    switch (indicator->kind) {
    case KIND_DOMAIN:
    case KIND_URL:
        return (size_t)snprintf(out, INDICATOR_TEXT_SIZE, "%s%s", url_scheme_prefix(indicator->scheme),
                                indicator->text);
    case KIND_IPV4:
    case KIND_IPV6: ip_format(&indicator->ip, indicator->length, text); break;
    case KIND_ENDPOINT: ip_format_endpoint(&indicator->ip, indicator->port, text); break;
    case KIND_MD5:
    case KIND_SHA1:
    case KIND_SHA256:
    case KIND_SM3:
        hex_encode(indicator->digest, kind_digest_bytes(indicator->kind), out);
        return 2 * kind_digest_bytes(indicator->kind);
    case KIND_NUMBER: number_format(&indicator->range, text); break;
    case KIND_COUNT: text[0] = '\0'; break;
    }
    return (size_t)snprintf(out, INDICATOR_TEXT_SIZE, "%s", text);
}
