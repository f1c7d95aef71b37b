#include "link/client.h"

#include "base/doc.h"
#include "link/client_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_TIMEOUT_MS = 10 * 1000, HOST_SIZE = 320, ADDRESS_SIZE = 800, DETAIL_CHARS = 400 };

struct client {
    const struct tls_setup *tls;
};

enum errc client_new(const struct tls_setup *tls, struct client **out, struct err *err)
{
    struct client *client = calloc(1, sizeof *client);
    if (!client || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(client);
        return err_set(err, ERR_NOMEM, "no memory for calling nodes");
    }
    client->tls = tls;
    *out = client;
    return ERR_OK;
}

void client_free(struct client *client)
{
    if (!client)
        return;
    curl_global_cleanup();
    free(client);
}

/* ---- one transfer ---- */

static size_t take_reply(char *bytes, size_t one, size_t count, void *context)
{
    struct call *call = context;
    (void)one; /* always 1 */
    buf_add(call->reply, bytes, count);
    call->too_large = call->reply->failed;
    return call->too_large ? 0 : count;
}

static CURLcode set_up_tls(CURL *easy, void *ssl_ctx, void *context)
{
    struct call *call = context;
    (void)easy;
    return tls_configure(ssl_ctx, call->client->tls, &call->tls_err) < 0 ? CURLE_SSL_CERTPROBLEM : CURLE_OK;
}

struct place {
    char host[HOST_SIZE];
    char port[8];
};

static bool take_part(CURLU *url, CURLUPart part, unsigned flags, char *out, size_t size_bytes)
{
    char *text = NULL;
    bool good = curl_url_get(url, part, &text, flags) == CURLUE_OK && strlen(text) < size_bytes;
    if (good)
        memcpy(out, text, strlen(text) + 1);
    curl_free(text);
    return good;
}

/* Only "https://host[:port]" is an address of a node. */
static bool read_place(const char *address, struct place *out)
{
    char scheme[8] = "";
    char path[4] = "";
    CURLU *url = curl_url();
    bool good = url && curl_url_set(url, CURLUPART_URL, address, 0) == CURLUE_OK &&
                take_part(url, CURLUPART_SCHEME, 0, scheme, sizeof scheme) && strcmp(scheme, "https") == 0 &&
                take_part(url, CURLUPART_HOST, 0, out->host, sizeof out->host) &&
                take_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, out->port, sizeof out->port) &&
                take_part(url, CURLUPART_PATH, 0, path, sizeof path) && strcmp(path, "/") == 0;
    curl_url_cleanup(url);
    return good;
}

static bool set_address(struct call *call, const struct client_post *post, const struct place *place)
{
    char url[ADDRESS_SIZE];
    char connect_to[ADDRESS_SIZE];
    /* The name in the URL is the node's id: TLS asks for it and checks it. Where to connect is told apart. */
    (void)snprintf(url, sizeof url, "https://%s:%s%s", post->node, place->port, post->path);
    (void)snprintf(connect_to, sizeof connect_to, "%s:%s:%s:%s", post->node, place->port, place->host,
                   place->port);
    call->connect_to = curl_slist_append(NULL, connect_to);
    return call->connect_to && curl_easy_setopt(call->easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(call->easy, CURLOPT_CONNECT_TO, call->connect_to) == CURLE_OK;
}

static bool add_field(struct call *call, const char *field)
{
    struct curl_slist *longer = curl_slist_append(call->fields, field);
    if (longer)
        call->fields = longer;
    return longer != NULL;
}

static bool set_request(struct call *call, const struct client_post *post)
{
    CURL *easy = call->easy;
    /* No "Expect": it costs a round trip, and the answerer may refuse at any time anyway. */
    return add_field(call, "Content-Type: application/json; charset=utf-8") &&
           add_field(call, "Accept: application/json, application/problem+json") &&
           add_field(call, "Expect:") &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->fields) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, post->body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body_bytes) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_reply) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, call) == CURLE_OK;
}

static bool set_limits(struct call *call, const struct client_post *post)
{
    CURL *easy = call->easy;
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)post->timeout_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->why) == CURLE_OK;
}

static bool set_tls(struct call *call)
{
    CURL *easy = call->easy;
    return curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CAINFO, NULL) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, set_up_tls) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, call) == CURLE_OK;
}

enum errc call_open(struct client *client, const struct client_post *post, struct buf *reply,
                    struct call *out, struct err *err)
{
    struct place place;
    if (!read_place(post->url, &place))
        return err_field(err, ERR_INVALID, "url", "'%.100s' is not the address of a node", post->url);
    *out = (struct call){.client = client, .easy = curl_easy_init(), .reply = reply};
    if (!out->easy || !set_address(out, post, &place) || !set_request(out, post) || !set_limits(out, post) ||
        !set_tls(out)) {
        call_close(out);
        return err_set(err, ERR_NOMEM, "a call to %s cannot be set up", post->node);
    }
    buf_reset(reply);
    return ERR_OK;
}

void call_close(struct call *call)
{
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->fields);
    curl_slist_free_all(call->connect_to);
    call->easy = NULL;
    call->fields = call->connect_to = NULL;
}

/* ---- what came of it ---- */

static enum errc code_of(CURLcode code)
{
    switch ((int)code) {
    case CURLE_OPERATION_TIMEDOUT: return ERR_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR: return ERR_AUTH;
    default: return ERR_IO;
    }
}

/* The words of a problem document (RFC 9457), cut and made harmless by the JSON reader. */
static enum errc refused(const struct call *call, long status, struct err *err)
{
    json_t *doc = NULL;
    const char *detail = NULL;
    enum errc code = status >= 500 ? ERR_IO : status == 401 ? ERR_AUTH : ERR_PERMISSION;
    if (doc_parse_object(call->reply->data ? call->reply->data : "", call->reply->size_bytes, &doc, NULL) >=
            0 &&
        doc_text(doc, "detail", DOC_OPTIONAL, DETAIL_CHARS, &detail, NULL) < 0)
        detail = NULL;
    (void)err_set(err, code, "answered %ld%s%s", status, detail ? ": " : "", detail ? detail : "");
    json_decref(doc);
    return code;
}

enum errc call_result(struct call *call, CURLcode code, struct err *err)
{
    long status = 0;
    if (call->too_large)
        return err_set(err, ERR_LIMIT, "the reply is larger than %zu bytes", call->reply->cap_bytes);
    if (code != CURLE_OK && call->tls_err.code != ERR_OK) {
        if (err)
            *err = call->tls_err;
        return call->tls_err.code;
    }
    if (code != CURLE_OK)
        return err_set(err, code_of(code), "%s", *call->why ? call->why : curl_easy_strerror(code));
    (void)curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    return status == 200 ? ERR_OK : refused(call, status, err);
}

enum errc client_post(struct client *client, const struct client_post *post, struct buf *reply,
                      struct err *err)
{
    struct call call;
    enum errc rc = call_open(client, post, reply, &call, err);
    if (rc < 0)
        return rc;
    rc = call_result(&call, curl_easy_perform(call.easy), err);
    call_close(&call);
    return rc;
}
