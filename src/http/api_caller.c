/* Who asks: a token in the Authorization field, or a person's session in the cookie; and may they. */
#include "http/api_internal.h"

#include "http/chars.h"
#include "http/cookie.h"

#include <openssl/crypto.h>
#include <string.h>

/* "Bearer fst_…"; n is 0 when it is anything else. */
static struct str bearer(const struct http_request *request)
{
    static const char SCHEME[] = "bearer ";
    enum { SCHEME_BYTES = sizeof SCHEME - 1 };
    struct str value = http_request_field(request, "authorization");
    if (value.n <= SCHEME_BYTES || !chars_same((struct str){value.p, SCHEME_BYTES}, SCHEME))
        return (struct str){NULL, 0};
    return (struct str){value.p + SCHEME_BYTES, value.n - SCHEME_BYTES};
}

bool caller_shown(const struct http_request *request)
{
    return bearer(request).n > 0 || cookie_any(request);
}

/* ---- requests that another site's page made a browser send ----------------------------------------- */

static bool changes(const struct http_request *request)
{
    return request->method != HTTP_GET && request->method != HTTP_HEAD;
}

/* "https://host:port" against the Host field. */
static bool same_origin(const struct http_request *request, struct str origin)
{
    struct str host = http_request_field(request, "host");
    const char *slashes = origin.n > 3 ? memmem(origin.p, origin.n, "://", 3) : NULL;
    if (!slashes)
        return false;
    size_t n = origin.n - (size_t)(slashes + 3 - origin.p);
    return n == host.n && n > 0 && memcmp(slashes + 3, host.p, n) == 0;
}

enum errc caller_same_site(const struct http_request *request, struct err *err)
{
    struct str site = http_request_field(request, "sec-fetch-site");
    struct str origin = http_request_field(request, "origin");
    if (!changes(request))
        return ERR_OK;
    if (site.p && !chars_same(site, "same-origin") && !chars_same(site, "none"))
        return err_field(err, ERR_PERMISSION, "sec-fetch-site", "another site's page asked for this");
    if (origin.p && !same_origin(request, origin))
        return err_field(err, ERR_PERMISSION, "origin", "another site's page asked for this");
    return ERR_OK;
}

/* The cookie comes by itself with whatever a page makes the browser send; this field does not. */
static enum errc check_csrf(const struct http_request *request, const char *secret, struct err *err)
{
    char right[SESSION_CSRF_SIZE];
    struct str said = http_request_field(request, "x-csrf-token");
    if (!changes(request))
        return ERR_OK;
    enum errc rc = caller_same_site(request, err);
    if (rc >= 0)
        rc = session_csrf(secret, right, err);
    if (rc < 0)
        return rc;
    if (said.n != SESSION_CSRF_SIZE - 1 || CRYPTO_memcmp(said.p, right, said.n) != 0)
        return err_field(err, ERR_PERMISSION, "x-csrf-token", "send the csrf of the session in this field");
    return ERR_OK;
}

/* ---- tokens ---------------------------------------------------------------------------------------- */

static enum errc by_token(struct api_call *call, struct api_reader *reader, const char *text, struct err *err)
{
    struct arena *arena = &call->exchange->arena;
    struct api_caller *caller = &call->caller;
    struct token token;
    enum errc rc = access_check(reader->query.store, text, call->exchange->peer->address,
                                env_now_ms(call->api->parts.env), arena, &token, err);
    if (rc < 0)
        return rc;
    caller->role = access_role(token.role);
    caller->id = token.id;
    caller->person = token.person;
    caller->post = token.post;
    caller->standing = (struct standing){
        .user = "", .region = "", .all_powers = true, .confirmed = token.marked};
    caller->expires_ms = token.expires_ms;
    if (!*token.post_id)
        return ERR_OK;
    struct seat seat = {0};
    rc = session_post(reader->query.store, token.post_id, arena, &seat, err);
    if (rc < 0)
        return rc == ERR_AUTH ? err_set(err, rc, "the post of this token is abolished") : rc;
    caller->role = seat.post.role;
    caller->post = seat.post.title;
    caller->standing.region = seat.region;
    caller->standing.all_powers = seat_has_all_powers(&seat);
    caller->standing.powers = seat.powers;
    caller->standing.power_count = seat.power_count;
    return ERR_OK;
}

/* ---- sessions -------------------------------------------------------------------------------------- */

static enum errc check_state(const struct api_call *call, const struct seat *seat, struct err *err)
{
    const struct route *route = call->match.route;
    if (seat->state == SEAT_LOCKED && !route->when_locked)
        return err_set(err, ERR_LOCKED, "the session is locked");
    if (seat->state == SEAT_MUST_CHANGE && route->permit != ACCESS_SELF)
        return err_field(err, ERR_MUST_CHANGE, "password", "the password has expired; change it first");
    return ERR_OK;
}

static enum errc by_session(struct api_call *call, struct api_reader *reader, const char *secret,
                            struct err *err)
{
    struct arena *arena = &call->exchange->arena;
    struct api_caller *caller = &call->caller;
    struct seat *seat = arena_alloc(arena, sizeof *seat);
    if (!seat)
        return err_set(err, ERR_NOMEM, "no memory for the session");
    enum errc rc = session_check(reader->query.store, call->api->policy, secret,
                                 env_now_ms(call->api->parts.env), arena, seat, err);
    if (rc >= 0)
        rc = check_state(call, seat, err);
    if (rc < 0)
        return rc;
    *caller = (struct api_caller){.id = seat->session.id,
                                  .person = seat->person,
                                  .post = seat->post.title,
                                  .role = seat->post.role,
                                  .standing = seat->standing,
                                  .seat = seat,
                                  .secret = secret};
    return ERR_OK;
}

/* A wall screen shows its token as a cookie; no other token may be one. */
enum errc caller_by_wall(struct api_call *call, struct api_reader *reader, const char *text, struct err *err)
{
    enum errc rc = by_token(call, reader, text, err);
    if (rc >= 0 && strcmp(call->caller.role->name, "wall") != 0)
        return err_set(err, ERR_AUTH, "only a wall screen's token stands in a cookie");
    call->caller.secret = text;
    return rc;
}

static enum errc recognise(struct api_call *call, struct api_reader *reader, struct err *err)
{
    const struct http_exchange *exchange = call->exchange;
    struct arena *arena = &call->exchange->arena;
    struct str text = bearer(exchange->request);
    if (text.n > 0) {
        const char *token = arena_strndup(arena, text.p, text.n);
        return token ? by_token(call, reader, token, err)
                     : err_set(err, ERR_NOMEM, "no memory for the token");
    }
    const char *node = store_identity(reader->query.store)->node;
    const char *secret = cookie_find(exchange->request, node, exchange->peer->tls, arena);
    if (!secret)
        return err_set(err, ERR_AUTH, "this operation needs a token or a session");
    enum errc rc = strncmp(secret, "fst_", 4) == 0 ? caller_by_wall(call, reader, secret, err)
                                                   : by_session(call, reader, secret, err);
    return rc < 0 ? rc : check_csrf(exchange->request, secret, err);
}

static unsigned permits(const struct api_caller *caller)
{
    return caller->role->permits | (caller->secret ? (unsigned)ACCESS_SELF : 0);
}

enum errc caller_check(struct api_call *call, struct api_reader *reader, struct err *err)
{
    const struct route *route = call->match.route;
    if (route->permit == ACCESS_OPEN)
        return caller_same_site(call->exchange->request, err);
    enum errc rc = recognise(call, reader, err);
    if (rc < 0)
        return rc;
    const struct access_role *role = call->caller.role;
    if ((permits(&call->caller) & route->permit) == 0)
        return err_set(err, ERR_PERMISSION, "the role %s (%s) does not include %s", role->name, role->zh,
                       route->operation);
    return ERR_OK;
}
