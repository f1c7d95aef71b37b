#include "intel/subject.h"

#include <string.h>
#include <strings.h>

struct out {
    subject_visit_fn *visit;
    void *context;
};

static void tell(const struct out *out, const struct subject *subject)
{
    out->visit(out->context, subject);
}

static void tell_name(const struct out *out, struct str text, bool words)
{
    char name[NAME_SIZE];
    size_t n = name_value(text, words, name);
    if (n > 0)
        tell(out, &(struct subject){.kind = SUBJECT_NAME, .name = {name, n}});
}

static void tell_ip(const struct out *out, const struct ip *ip)
{
    tell(out, &(struct subject){.kind = SUBJECT_IP, .ip = *ip});
}

static void tell_endpoint(const struct out *out, const struct ip *ip, uint16_t port)
{
    tell(out, &(struct subject){.kind = SUBJECT_ENDPOINT, .ip = *ip, .port = port});
}

static bool of_ip(const struct out *out, struct str text)
{
    struct ip ip;
    if (text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
        text = (struct str){text.p + 1, text.n - 2};
    const char *zone = text.n > 0 ? memchr(text.p, '%', text.n) : NULL;
    if (zone && memchr(text.p, ':', text.n)) /* fe80::1%eth0 */
        text.n = (size_t)(zone - text.p);
    if (!ip_parse(text, &ip))
        return false;
    tell_ip(out, &ip);
    return true;
}

/* The name before ":port", when that is what it looks like. */
static struct str without_port(struct str text)
{
    const char *colon = text.n > 0 ? memchr(text.p, ':', text.n) : NULL;
    uint32_t port;
    if (!colon)
        return text;
    size_t n = (size_t)(colon - text.p);
    return ip_parse_decimal((struct str){colon + 1, text.n - n - 1}, 65535, &port) ? (struct str){text.p, n}
                                                                                   : text;
}

static void of_host(const struct out *out, struct str text, bool words)
{
    struct ip ip;
    uint16_t port;
    if (of_ip(out, text))
        return;
    if (ip_parse_endpoint(text, &ip, &port)) {
        tell_ip(out, &ip);
        tell_endpoint(out, &ip, port);
        return;
    }
    tell_name(out, without_port(text), words);
}

static void of_hosts(const struct out *out, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.n; i++) {
        bool end = i == text.n || text.p[i] == ',' || text.p[i] == ' ' || text.p[i] == ';' ||
                   text.p[i] == '\t';
        if (!end)
            continue;
        if (i > from)
            of_host(out, (struct str){text.p + from, i - from}, false);
        from = i + 1;
    }
}

/* The host and the URL of what was parsed; only the URL when the host is a field of its own. */
static void tell_url(const struct out *out, const struct url *url, bool host)
{
    if (host && url->has_ip) {
        tell_ip(out, &url->ip);
        uint16_t usual = url->scheme == SCHEME_HTTPS ? 443 : url->scheme == SCHEME_FTP ? 21 : 80;
        tell_endpoint(out, &url->ip, url->port > 0 ? url->port : usual);
    } else if (host) {
        tell(out, &(struct subject){.kind = SUBJECT_NAME, .name = {url->text, url->host_size}});
    }
    tell(out, &(struct subject){.kind = SUBJECT_URL, .url = url});
}

static bool of_url(const struct out *out, struct str text)
{
    struct url url;
    if (!url_parse(text, URL_SEEN, &url))
        return false;
    tell_url(out, &url, true);
    return true;
}

/* A path alone says nothing; a proxy's whole URL, or "host:port" of CONNECT, does. */
static void of_path(const struct out *out, struct str text)
{
    if (text.n > 0 && text.p[0] != '/' && text.p[0] != '*')
        (void)of_url(out, text);
}

static void of_digest(const struct out *out, enum kind algorithm, struct str text)
{
    uint8_t digest[DIGEST_MAX];
    size_t n = indicator_digest(text, digest);
    if (n > 0 && (algorithm == KIND_COUNT || kind_digest_bytes(algorithm) == n))
        tell(out, &(struct subject){
                      .kind = SUBJECT_DIGEST, .digest = digest, .digest_bytes = n, .algorithm = algorithm});
}

/* "Name <user@host>", several with commas. */
static void of_email(const struct out *out, struct str text)
{
    while (text.n > 0) {
        const char *at = memchr(text.p, '@', text.n);
        if (!at)
            return;
        text = (struct str){at + 1, text.n - (size_t)(at + 1 - text.p)};
        size_t n = 0;
        while (n < text.n && !memchr("> ,;\t\r\n\"')", text.p[n], 10))
            n++;
        of_host(out, (struct str){text.p, n}, false);
        text = (struct str){text.p + n, text.n - n};
    }
}

/* Every "CN=…" of a distinguished name. */
static void of_subject(const struct out *out, struct str text)
{
    for (size_t i = 0; i + 3 <= text.n; i++) {
        bool begins = i == 0 || text.p[i - 1] == ' ' || text.p[i - 1] == ',' || text.p[i - 1] == '/';
        if (!begins || strncasecmp(text.p + i, "CN=", 3) != 0)
            continue;
        size_t from = i + 3;
        size_t n = 0;
        while (from + n < text.n && text.p[from + n] != ',' && text.p[from + n] != '/' &&
               text.p[from + n] != '+')
            n++;
        of_host(out, (struct str){text.p + from, n}, false);
    }
}

static bool of_number(const struct out *out, struct str text)
{
    struct subject subject = {.kind = SUBJECT_NUMBER};
    if (!number_parse(text, &subject.number) || subject.number.open)
        return false;
    tell(out, &subject);
    return true;
}

/* "<sip:+8613800138000@gateway.example;user=phone>" */
static void of_sip(const struct out *out, struct str text)
{
    const char *scheme = NULL;
    for (size_t i = 0; i + 4 <= text.n && !scheme; i++)
        if (strncasecmp(text.p + i, "sip:", 4) == 0 || strncasecmp(text.p + i, "tel:", 4) == 0)
            scheme = text.p + i + 4;
        else if (i + 5 <= text.n && strncasecmp(text.p + i, "sips:", 5) == 0)
            scheme = text.p + i + 5;
    struct str rest = scheme ? (struct str){scheme, text.n - (size_t)(scheme - text.p)} : text;
    size_t n = 0;
    while (n < rest.n && !memchr("@;>?", rest.p[n], 4))
        n++;
    (void)of_number(out, (struct str){rest.p, n});
    if (n == rest.n || rest.p[n] != '@')
        return;
    rest = (struct str){rest.p + n + 1, rest.n - n - 1};
    n = 0;
    while (n < rest.n && !memchr(";>?", rest.p[n], 3))
        n++;
    of_host(out, (struct str){rest.p, n}, false);
}

static void of_any(const struct out *out, struct str text)
{
    struct subject prefix = {.kind = SUBJECT_PREFIX};
    uint8_t digest[DIGEST_MAX];
    if (text.n == 0)
        return;
    if (text.p[0] == '+' || (text.n > 4 && strncasecmp(text.p, "tel:", 4) == 0)) {
        (void)of_number(out, text);
        return;
    }
    if (indicator_digest(text, digest) > 0) {
        of_digest(out, KIND_COUNT, text);
        return;
    }
    /* "sm3:…" names its algorithm, as in a list. */
    struct indicator named;
    if (memchr(text.p, ':', text.n < 8 ? text.n : 8) && indicator_parse(text, KIND_SHA256, &named) &&
        kind_is_hash(named.kind)) {
        tell(out, &(struct subject){.kind = SUBJECT_DIGEST,
                                    .digest = named.digest,
                                    .digest_bytes = kind_digest_bytes(named.kind),
                                    .algorithm = named.kind});
        return;
    }
    if (ip_parse_prefix(text, &prefix.ip, &prefix.length)) {
        tell(out, &prefix);
        return;
    }
    if (memchr(text.p, '/', text.n)) {
        (void)of_url(out, text);
        return;
    }
    of_host(out, text, false);
    struct ip ip;
    uint16_t port;
    /* "evil.example:8080" is a URL too, as it is in a list. */
    if (memchr(text.p, ':', text.n) && !ip_parse(text, &ip) && !ip_parse_endpoint(text, &ip, &port)) {
        struct url url;
        if (url_parse(text, URL_SEEN, &url))
            tell_url(out, &url, false);
    }
}

void subject_each(enum field_type type, enum kind algorithm, struct str value, subject_visit_fn *visit,
                  void *context)
{
    const struct out out = {visit, context};
    switch (type) {
    case FIELD_NAME: tell_name(&out, value, true); break;
    case FIELD_HOST: of_host(&out, value, false); break;
    case FIELD_HOSTS: of_hosts(&out, value); break;
    case FIELD_IP: (void)of_ip(&out, value); break;
    case FIELD_URL: (void)of_url(&out, value); break;
    case FIELD_PATH: of_path(&out, value); break;
    case FIELD_DIGEST: of_digest(&out, algorithm, value); break;
    case FIELD_EMAIL: of_email(&out, value); break;
    case FIELD_SUBJECT: of_subject(&out, value); break;
    case FIELD_SIP: of_sip(&out, value); break;
    case FIELD_ANY: of_any(&out, value); break;
    case FIELD_PORT:
    case FIELD_NONE:
    case FIELD_TYPE_COUNT: break;
    }
}

void subject_of_request(struct str host, struct str path, subject_visit_fn *visit, void *context)
{
    const struct out out = {visit, context};
    struct url url;
    /* A path that is a whole URL speaks for itself. */
    if (path.n > 0 && path.p[0] == '/' && url_compose(host, path, &url))
        tell_url(&out, &url, false);
}

void subject_of_endpoint(struct str address, struct str port, subject_visit_fn *visit, void *context)
{
    const struct out out = {visit, context};
    struct ip ip;
    uint32_t number;
    if (ip_parse(address, &ip) && ip_parse_decimal(port, 65535, &number) && number > 0)
        tell_endpoint(&out, &ip, (uint16_t)number);
}
