/* link/client_internal.h — one transfer of curl, shared by client.c and worker.c. */
#ifndef LINK_CLIENT_INTERNAL_H
#define LINK_CLIENT_INTERNAL_H

#include "link/client.h"

#include <curl/curl.h>

struct call {
    struct client *client;
    CURL *easy;
    struct curl_slist *fields;
    struct curl_slist *connect_to;
    struct buf *reply;
    bool too_large;
    struct err tls_err; /* what TLS had to say before the handshake */
    char why[CURL_ERROR_SIZE];
};

/* Sets up the transfer. The post's body and the reply must live until call_close. */
MUST_USE enum errc call_open(struct client *client, const struct client_post *post, struct buf *reply,
                             struct call *out, struct err *err);
/* What came of it. */
MUST_USE enum errc call_result(struct call *call, CURLcode code, struct err *err);
void call_close(struct call *call);

#endif
