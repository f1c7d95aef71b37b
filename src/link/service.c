#include "link/service.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { REQUEST_ARENA_BYTES = 64 << 20, ENROL_BYTES_MAX = 64 << 10 };

struct service_request {
    bool enrols;
    bool known; /* the caller has shown a certificate */
    struct pki_identity caller;
    struct arena arena;
    struct envelope envelope;
    const char *body;
    size_t body_bytes;
};

/* The one common name of "CN=pca-330000,OU=CA". */
static bool common_name(const char *text, char out[PKI_NAME_MAX + 1])
{
    char found[PKI_NAME_MAX + 1] = "";
    for (const char *at = text; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, "CN=", 3) != 0)
            continue;
        size_t n = strcspn(at + 3, ",");
        if (*found || n > PKI_NAME_MAX)
            return false;
        memcpy(found, at + 3, n);
        found[n] = '\0';
    }
    if (!proof_name_valid(found))
        return false;
    memcpy(out, found, sizeof found);
    return true;
}

enum errc service_caller(const char *subject, const char *issuer, const char *fingerprint,
                         struct pki_identity *out, struct err *err)
{
    struct pki_identity caller = {.kind = PKI_LEAF};
    if (!common_name(subject, caller.node) || !common_name(issuer, caller.issuer) ||
        strlen(fingerprint) >= sizeof caller.fingerprint)
        return err_set(err, ERR_AUTH, "the certificate does not name a node and its issuer");
    memcpy(caller.fingerprint, fingerprint, strlen(fingerprint) + 1);
    *out = caller;
    return ERR_OK;
}

size_t service_body_max(const char *path)
{
    if (streq(path, SERVICE_EXCHANGE))
        return ENVELOPE_BYTES_MAX;
    return streq(path, SERVICE_ENROL) ? ENROL_BYTES_MAX : 0;
}

static enum errc check(const char *path, const struct pki_identity *caller, size_t body_bytes,
                       struct err *err)
{
    size_t most = service_body_max(path);
    if (most == 0)
        return err_set(err, ERR_NOT_FOUND, "nothing is answered at %.80s", path);
    if (body_bytes > most)
        return err_set(err, ERR_LIMIT, "%zu bytes, at most %zu are taken", body_bytes, most);
    if (!caller && streq(path, SERVICE_EXCHANGE))
        return err_set(err, ERR_AUTH, "nodes exchange with their certificates only");
    return ERR_OK;
}

enum errc service_read(const char *path, const struct pki_identity *caller, const char *body,
                       size_t body_bytes, struct service_request **out, struct err *err)
{
    enum errc rc = check(path, caller, body_bytes, err);
    if (rc < 0)
        return rc;
    struct service_request *request = calloc(1, sizeof *request);
    if (!request)
        return err_set(err, ERR_NOMEM, "no memory for a request");
    arena_init(&request->arena, REQUEST_ARENA_BYTES);
    request->enrols = streq(path, SERVICE_ENROL);
    request->known = caller != NULL;
    if (caller)
        request->caller = *caller;
    request->body = body;
    request->body_bytes = body_bytes;
    if (!request->enrols)
        rc = envelope_read(body, body_bytes, &request->arena, &request->envelope, err);
    if (rc < 0)
        service_free(request);
    else
        *out = request;
    return rc;
}

void service_free(struct service_request *request)
{
    if (!request)
        return;
    arena_done(&request->arena);
    free(request);
}

const char *service_universe(const struct service_request *request)
{
    return request->enrols ? "real" : request->envelope.universe;
}

enum errc service_answer(const struct service *service, struct desk *desk,
                         const struct service_request *request, struct buf *out, struct err *err)
{
    if (!request->enrols)
        return link_answer(service->link, &request->caller, &request->envelope, out, err);
    if (!service->enroller)
        return err_set(err, ERR_UNSUPPORTED, "this node enrols no others");
    return enrol_answer(service->enroller, desk, request->known ? &request->caller : NULL, request->body,
                        request->body_bytes, out, err);
}
