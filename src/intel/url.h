/* intel/url.h — URLs in one form: host[:port]/path?query, and where a prefix of one may end.
 *
 * The scheme, user, fragment and default port are left out; the host is as intel/name.h writes it; unreserved
 * characters are decoded, other escapes are in capitals, dot segments are resolved (RFC 3986 §6.2.2). The
 * path keeps its case. An empty path is "/".
 *
 * A URL indicator holds for every URL on exactly its host whose text it begins, if it ends where a path
 * segment or a query field begins or ends ("cut"): h/a holds for h/a, h/a/b and h/a?x, not for h/ab.
 *
 * Layer    intel.   Threads any.   Owns nothing.
 * Errors   false for what is no URL. A seen URL that is too long is cut off, a listed one is refused.
 * Tests    tests/unit/intel/test_url.c
 */
#ifndef INTEL_URL_H
#define INTEL_URL_H

#include "intel/ip.h"
#include "intel/name.h"

enum { URL_LISTED_MAX = 2048, URL_SIZE = 4096 };

/* How the list wrote it, to show it again. */
enum url_scheme { SCHEME_NONE, SCHEME_HTTP, SCHEME_HTTPS, SCHEME_FTP, SCHEME_COUNT };

struct url {
    size_t size;
    size_t host_size;      /* without the port */
    size_t authority_size; /* with it; text[authority_size] is '/' */
    uint16_t port;         /* 0 = the default */
    enum url_scheme scheme;
    bool has_ip;
    struct ip ip;
    char text[URL_SIZE];
};

enum url_origin { URL_LISTED, URL_SEEN };

/* "scheme://host/path", "host/path", "host:port". */
MUST_USE bool url_parse(struct str text, enum url_origin origin, struct url *out);
/* The host and the path of one log record; a path that is a whole URL speaks for itself. */
MUST_USE bool url_compose(struct str host, struct str path, struct url *out);

/* The first cut behind at (start with 0); size is the last one, 0 comes behind it. */
size_t url_next_cut(const char *text, size_t size, size_t authority_size, size_t at);

/* Where the authority of a text in the form above ends. */
size_t url_authority(const char *text, size_t size);

const char *url_scheme_prefix(enum url_scheme scheme); /* "http://" */

#endif
