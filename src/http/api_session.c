/* Sessions of people: logging in, what one's own session is, and what may be done to it. */
#include "http/api_internal.h"

#include "base/civil.h"
#include "desk/cards.h"
#include "desk/login.h"
#include "desk/people.h"
#include "desk/view.h"
#include "http/cookie.h"
#include "store/nodes.h"

#include <string.h>

enum { CODE_CHARS_MAX = 64, NAME_CHARS_MAX = 64 };

/* ---- how a session is shown ------------------------------------------------------------------------ */

static json_t *permits_json(const struct access_role *role)
{
    static const struct {
        unsigned permit;
        const char *name;
    } NAMES[] = {{ACCESS_READ, "read"},
                 {ACCESS_ACT, "act"},
                 {ACCESS_AUDIT, "audit"},
                 {ACCESS_OPERATE, "operate"},
                 {ACCESS_SECURE, "secure"}};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (role->permits & NAMES[i].permit)
            (void)json_array_append_new(list, json_string(NAMES[i].name));
    return list;
}

static json_t *post_json(const struct seat_post *post)
{
    return json_pack("{s:s,s:s,s:s,s:s}", "id", post->id, "title", post->title, "role", post->role->name,
                     "role_zh", post->role->zh);
}

static json_t *posts_json(const struct seat *seat)
{
    json_t *list = json_array();
    for (size_t i = 0; i < seat->post_count; i++)
        (void)json_array_append_new(list, post_json(&seat->posts[i]));
    return list;
}

static json_t *own_post_json(const struct seat *seat)
{
    json_t *out = post_json(&seat->post);
    json_t *powers = json_array();
    for (size_t i = 0; i < seat->power_count; i++)
        (void)json_array_append_new(powers, json_string(seat->powers[i]));
    (void)json_object_set_new(out, "region", json_string(seat->region));
    (void)json_object_set_new(out, "powers", powers);
    return out;
}

static json_t *last_json(const struct session *session)
{
    return session->before_ms == 0 ? json_null()
                                   : json_pack("{s:o,s:s}", "opened", view_time(session->before_ms),
                                               "address", session->before_from);
}

/* What is the same for people and wall screens. */
static enum errc add_common(struct api_call *call, struct api_reader *reader, const char *secret,
                            const struct access_role *role, json_t *doc, struct err *err)
{
    const struct store_identity *identity = store_identity(reader->query.store);
    const struct access_policy *policy = call->api->policy;
    struct node_card card;
    char csrf[SESSION_CSRF_SIZE];
    enum errc rc = nodes_load(reader->query.store, identity->node, &call->exchange->arena, &card, NULL, err);
    bool known = rc == ERR_OK;
    if (rc < 0 && rc != ERR_NOT_FOUND)
        return rc;
    rc = session_csrf(secret, csrf, err);
    if (rc < 0)
        return rc;
    json_t *common = json_pack("{s:o,s:s,s:s,s:s,s:s?,s:s?,s:s,s:I,s:I,s:o}", "permits", permits_json(role),
                               "csrf", csrf, "address", call->exchange->peer->address, "node", identity->node,
                               "node_name", known ? card.name : NULL, "tier",
                               known ? tier_name(card.tier) : NULL, "universe", identity->universe, "idle_ms",
                               (json_int_t)policy->idle_lock_ms, "logout_ms", (json_int_t)policy->idle_end_ms,
                               "now", view_time(env_now_ms(call->api->parts.env)));
    if (!common || json_object_update(doc, common) < 0)
        rc = err_set(err, ERR_NOMEM, "no memory for the session");
    json_decref(common);
    return rc;
}

static json_t *seat_json(const struct access_policy *policy, const struct seat *seat)
{
    const struct session *session = &seat->session;
    return json_pack("{s:s,s:s,s:s,s:s,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:o,s:b,s:b,s:o,s:o,s:I}", "id",
                     session->id, "user", session->person, "name", seat->account.name, "person", seat->person,
                     "wall", 0, "post", own_post_json(seat), "posts", posts_json(seat), "opened",
                     view_time(session->opened_ms), "seen", view_time(session->seen_ms), "ends",
                     view_time(seat->ends_ms), "locks", view_time(seat->locks_ms), "locked",
                     seat->state == SEAT_LOCKED, "confirmed", view_time(seat->confirmed_until_ms), "totp",
                     (int)seat->account.has_totp, "must_change", seat->state == SEAT_MUST_CHANGE,
                     "password_until", view_time(seat->account.password_ms + policy->password_ms), "last",
                     last_json(session), "failures", (json_int_t)session->failures);
}

static json_t *wall_json(const struct api_caller *caller)
{
    return json_pack(
        "{s:s,s:s,s:s,s:s,s:b,s:{s:s,s:s,s:s,s:s},s:[],s:n,s:n,s:o,s:n,s:b,s:n,s:b,s:b,s:n,s:n,s:i}", "id",
        caller->id, "user", "", "name", "", "person", caller->person, "wall", 1, "post", "id", "", "title",
        caller->post, "role", caller->role->name, "role_zh", caller->role->zh, "posts", "opened", "seen",
        "ends", view_time(caller->expires_ms), "locks", "locked", 0, "confirmed", "totp", 0, "must_change", 0,
        "password_until", "last", "failures", 0);
}

/* Answers with the session; takes doc. */
static void send_session(struct api_call *call, struct api_reader *reader, int status, const char *secret,
                         const struct access_role *role, json_t *doc)
{
    struct err err;
    enum errc rc = doc ? add_common(call, reader, secret, role, doc, &err)
                       : err_set(&err, ERR_NOMEM, "no memory for the session");
    if (rc < 0) {
        json_decref(doc);
        api_refuse(call, &err);
        return;
    }
    api_answer(call, status, doc);
    json_decref(doc);
    http_reply_send(call->exchange);
}

/* Puts the secret into the cookie; NULL takes it away. */
static void give_cookie(struct api_call *call, struct api_reader *reader, const char *secret)
{
    struct http_exchange *exchange = call->exchange;
    const char *value = cookie_set(store_identity(reader->query.store)->node, exchange->peer->tls, secret,
                                   &exchange->arena);
    http_reply_field(exchange, "Set-Cookie", value ? value : "");
}

/* The session as it is after a change, perhaps with a new secret. */
static void send_changed(struct api_call *call, struct api_reader *reader, int status, const char *turned)
{
    struct err err;
    struct seat seat;
    const char *secret = turned ? turned : call->caller.secret;
    enum errc rc = session_check(reader->query.store, call->api->policy, secret,
                                 env_now_ms(call->api->parts.env), &call->exchange->arena, &seat, &err);
    if (rc < 0) {
        api_refuse(call, &err);
        return;
    }
    if (turned)
        give_cookie(call, reader, turned);
    send_session(call, reader, status, secret, seat.post.role, seat_json(call->api->policy, &seat));
}

/* ---- logging in ------------------------------------------------------------------------------------ */

static enum errc read_login(json_t *body, struct login *out, const char **out_token, struct err *err)
{
    static const char *const NAMES[] = {"name", "password", "code", "post", "token"};
    enum errc rc = doc_only(body, NAMES, sizeof NAMES / sizeof NAMES[0], err);
    if (rc >= 0)
        rc = doc_text(body, "token", DOC_OPTIONAL, ACCESS_TEXT_SIZE, out_token, err);
    if (rc < 0 || *out_token)
        return rc;
    rc = doc_text(body, "name", DOC_REQUIRED, NAME_CHARS_MAX, &out->name, err);
    if (rc >= 0)
        rc = doc_text(body, "password", DOC_REQUIRED, PASSWORD_BYTES_MAX, &out->password, err);
    if (rc >= 0)
        rc = doc_text(body, "code", DOC_OPTIONAL, CODE_CHARS_MAX, &out->code, err);
    return rc < 0 ? rc : doc_text(body, "post", DOC_OPTIONAL, UUID_TEXT_SIZE, &out->post, err);
}

/* A login under way. */
struct entry {
    struct api_try try;
    struct login_proof proof;
    struct session_made made;
};

static enum errc open_now(void *context, struct desk *desk, struct err *err)
{
    struct entry *entry = context;
    return login_open(desk, &entry->try.login, &entry->proof, &entry->made, err);
}

static enum errc prove(struct entry *entry, struct api_reader *reader, struct err *err)
{
    struct api_call *call = entry->try.call;
    enum errc rc = api_try_hashing(&entry->try, reader, err);
    if (rc < 0)
        return rc;
    rc = login_prove(reader->query.store, call->api->policy, &entry->try.login,
                     env_now_ms(call->api->parts.env), &call->exchange->arena, &entry->proof, err);
    api_try_hashed(&entry->try);
    if (rc == ERR_AUTH)
        api_try_failed(&entry->try);
    return rc;
}

/* What the browser had before is over: a session that somebody put there must not become this person's. */
static enum errc replace(void *context, struct desk *desk, struct err *err)
{
    const struct api_call *call = context;
    return session_leave(desk, call->caller.seat->session.id, "replaced", err);
}

static void end_former(struct api_call *call, struct api_reader *reader)
{
    struct arena *arena = &call->exchange->arena;
    const char *secret = cookie_find(call->exchange->request, store_identity(reader->query.store)->node,
                                     call->exchange->peer->tls, arena);
    struct seat *seat = arena_alloc(arena, sizeof *seat);
    struct err unused;
    if (!secret || !seat ||
        session_check(reader->query.store, call->api->policy, secret, env_now_ms(call->api->parts.env), arena,
                      seat, &unused) < 0)
        return;
    call->caller.seat = seat;
    api_write_aside(call, replace, call); /* it ends by itself soon */
}

static void log_in(struct entry *entry, struct api_reader *reader)
{
    struct api_call *call = entry->try.call;
    struct err err;
    enum errc rc = prove(entry, reader, &err);
    if (rc >= 0)
        rc = api_write(call, open_now, entry, &err);
    if (rc < 0) {
        api_try_refuse(&entry->try, &err);
        return;
    }
    end_former(call, reader);
    send_changed(call, reader, 201, entry->made.secret);
    explicit_bzero(entry->made.secret, sizeof entry->made.secret);
}

/* A wall screen: its token becomes the cookie, good from its address alone. */
static void log_in_wall(struct api_call *call, struct api_reader *reader, const char *text)
{
    struct err err;
    enum errc rc = caller_by_wall(call, reader, text, &err);
    if (rc < 0) {
        api_refuse(call, &err);
        return;
    }
    give_cookie(call, reader, text);
    send_session(call, reader, 201, text, call->caller.role, wall_json(&call->caller));
}

void api_session_open(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    json_t *body = NULL;
    const char *token = NULL;
    struct entry entry = {.try = {.call = call}};
    enum errc rc = api_body(call, &body, &err);
    if (rc >= 0)
        rc = read_login(body, &entry.try.login, &token, &err);
    if (rc < 0)
        api_refuse_body(call, &err);
    else if (token)
        log_in_wall(call, reader, token);
    else
        log_in(&entry, reader);
    json_decref(body);
}

/* ---- one's own session ----------------------------------------------------------------------------- */

void api_session_read(struct api_call *call, struct api_reader *reader)
{
    const struct api_caller *caller = &call->caller;
    json_t *doc = caller->seat ? seat_json(call->api->policy, caller->seat) : wall_json(caller);
    send_session(call, reader, 200, caller->secret, caller->role, doc);
}

/* A change of the caller's own session, by the writer. */
struct own {
    struct api_call *call;
    const char *text; /* a code, a post, the hash of a password */
    char secret[SESSION_SECRET_SIZE];
    uint8_t seed[OTP_SECRET_BYTES];
};

static enum errc need_person(const struct api_call *call, struct err *err)
{
    return call->caller.seat ? ERR_OK
                             : err_set(err, ERR_PERMISSION, "a wall screen has nothing to change here");
}

static void send_nothing(struct api_call *call)
{
    http_reply_status(call->exchange, 204);
    http_reply_send(call->exchange);
}

static enum errc run_close(void *context, struct desk *desk, struct err *err)
{
    const struct own *own = context;
    return session_leave(desk, own->call->caller.seat->session.id, "logout", err);
}

void api_session_close(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    struct own own = {.call = call};
    enum errc rc = call->caller.seat ? api_write(call, run_close, &own, &err) : ERR_OK;
    if (rc < 0 && rc != ERR_NOT_FOUND) {
        api_refuse(call, &err);
        return;
    }
    give_cookie(call, reader, NULL);
    send_nothing(call);
}

static enum errc run_touch(void *context, struct desk *desk, struct err *err)
{
    const struct own *own = context;
    return session_touch(desk, own->call->caller.seat, err);
}

static enum errc run_lock(void *context, struct desk *desk, struct err *err)
{
    const struct own *own = context;
    return session_lock(desk, own->call->caller.seat, err);
}

static void change_silently(struct api_call *call, enum errc (*run)(void *, struct desk *, struct err *))
{
    struct err err;
    struct own own = {.call = call};
    enum errc rc = need_person(call, &err);
    if (rc >= 0)
        rc = api_write(call, run, &own, &err);
    if (rc < 0)
        api_refuse(call, &err);
    else
        send_nothing(call);
}

void api_session_touch(struct api_call *call, struct api_reader *reader)
{
    (void)reader;
    change_silently(call, run_touch);
}

void api_session_lock(struct api_call *call, struct api_reader *reader)
{
    (void)reader;
    change_silently(call, run_lock);
}

/* The only member of the body. */
static enum errc read_one(struct api_call *call, const char *name, size_t max, json_t **out_body,
                          const char **out, struct err *err)
{
    enum errc rc = need_person(call, err);
    if (rc >= 0)
        rc = api_body(call, out_body, err);
    if (rc >= 0)
        rc = doc_only(*out_body, &name, 1, err);
    return rc < 0 ? rc : doc_text(*out_body, name, DOC_REQUIRED, max, out, err);
}

static enum errc run_post(void *context, struct desk *desk, struct err *err)
{
    struct own *own = context;
    return session_take_post(desk, own->call->caller.seat, own->text, own->secret, err);
}

void api_session_post(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    json_t *body = NULL;
    struct own own = {.call = call};
    enum errc rc = read_one(call, "post", UUID_TEXT_SIZE, &body, &own.text, &err);
    if (rc >= 0)
        rc = api_write(call, run_post, &own, &err);
    if (rc < 0)
        api_refuse_body(call, &err);
    else
        send_changed(call, reader, 200, own.secret);
    json_decref(body);
}

/* Is it the person's password? Counted as a login is: a screen that was left must not be a way to guess. */
static enum errc check_password(struct api_call *call, struct api_reader *reader, const char *password,
                                struct api_try *try, struct err *err)
{
    const struct account *account = &call->caller.seat->account;
    bool same = false;
    try->login = (struct login){.name = account->name, .password = password};
    enum errc rc = api_try_hashing(try, reader, err);
    if (rc < 0)
        return rc;
    rc = password_check(account->password, password, &same, err);
    api_try_hashed(try);
    if (rc >= 0 && !same) {
        api_try_failed(try);
        return err_field(err, ERR_AUTH, "password", "the password is wrong");
    }
    return rc;
}

static enum errc run_unlock(void *context, struct desk *desk, struct err *err)
{
    struct own *own = context;
    return session_unlock(desk, own->call->caller.seat, own->secret, err);
}

void api_session_unlock(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    json_t *body = NULL;
    const char *password = NULL;
    struct own own = {.call = call};
    struct api_try try = {.call = call};
    enum errc rc = read_one(call, "password", PASSWORD_BYTES_MAX, &body, &password, &err);
    if (rc >= 0)
        rc = check_password(call, reader, password, &try, &err);
    if (rc >= 0)
        rc = api_write(call, run_unlock, &own, &err);
    if (rc < 0)
        api_try_refuse(&try, &err);
    else
        send_changed(call, reader, 200, own.secret);
    json_decref(body);
}

static enum errc run_rekey(void *context, struct desk *desk, struct err *err)
{
    struct own *own = context;
    return session_rekey(desk, own->call->caller.seat, own->text, own->secret, err);
}

static enum errc read_change(struct api_call *call, json_t **out_body, const char **out_old,
                             const char **out_new, struct err *err)
{
    static const char *const NAMES[] = {"old", "new"};
    enum errc rc = need_person(call, err);
    if (rc >= 0)
        rc = api_body(call, out_body, err);
    if (rc >= 0)
        rc = doc_only(*out_body, NAMES, 2, err);
    if (rc >= 0)
        rc = doc_text(*out_body, "old", DOC_REQUIRED, PASSWORD_BYTES_MAX, out_old, err);
    return rc < 0 ? rc : doc_text(*out_body, "new", DOC_REQUIRED, PASSWORD_BYTES_MAX, out_new, err);
}

/* Checks the new one against the rules and hashes it; the field is named as the request names it. */
static enum errc hash_new(struct api_call *call, const char *password, char out[PASSWORD_TEXT_SIZE],
                          struct err *err)
{
    struct api *api = call->api;
    enum errc rc = policy_check(api->policy, &call->caller.seat->account, password, err);
    if (rc == ERR_INVALID)
        (void)snprintf(err->field, sizeof err->field, "new");
    if (rc >= 0)
        rc = password_hash(password, &api->policy->cost, api->parts.env, out, err);
    return rc;
}

void api_session_password(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    json_t *body = NULL;
    const char *old = NULL;
    const char *new = NULL;
    char hash[PASSWORD_TEXT_SIZE];
    struct own own = {.call = call, .text = hash};
    struct api_try try = {.call = call};
    enum errc rc = read_change(call, &body, &old, &new, &err);
    if (rc >= 0)
        rc = check_password(call, reader, old, &try, &err);
    if (rc == ERR_AUTH && err.field[0])
        (void)snprintf(err.field, sizeof err.field, "old");
    if (rc >= 0) {
        rc = hash_new(call, new, hash, &err);
        if (rc == ERR_INVALID)
            api_try_right(&try);
    }
    if (rc >= 0)
        rc = api_write(call, run_rekey, &own, &err);
    if (rc < 0)
        api_try_refuse(&try, &err);
    else
        send_changed(call, reader, 200, own.secret);
    json_decref(body);
}

/* ---- the second factor ----------------------------------------------------------------------------- */

static enum errc run_confirm(void *context, struct desk *desk, struct err *err)
{
    const struct own *own = context;
    return session_confirm(desk, own->call->caller.seat, own->text, err);
}

static enum errc run_enrol(void *context, struct desk *desk, struct err *err)
{
    const struct own *own = context;
    return session_enrol(desk, own->call->caller.seat, own->text, err);
}

/* A code is six digits: its tries are counted too. */
static void show_code(struct api_call *call, struct api_reader *reader, bool seeded,
                      enum errc (*run)(void *, struct desk *, struct err *))
{
    struct err err;
    json_t *body = NULL;
    struct own own = {.call = call};
    struct api_try try = {.call = call};
    enum errc rc = read_one(call, "code", CODE_CHARS_MAX, &body, &own.text, &err);
    if (rc >= 0 && !seeded)
        rc = err_field(&err, ERR_SECOND_FACTOR, "totp", "no authenticator is enrolled for this account yet");
    if (rc >= 0) {
        try.login.name = call->caller.seat->account.name;
        rc = api_try_count(&try, reader, &err);
    }
    if (rc >= 0) {
        rc = api_write(call, run, &own, &err);
        if (rc == ERR_SECOND_FACTOR)
            api_try_failed(&try);
    }
    if (rc < 0)
        api_try_refuse(&try, &err);
    else
        send_changed(call, reader, 200, NULL);
    json_decref(body);
}

void api_session_confirm(struct api_call *call, struct api_reader *reader)
{
    show_code(call, reader, call->caller.seat && call->caller.seat->account.has_totp, run_confirm);
}

void api_totp_enrol(struct api_call *call, struct api_reader *reader)
{
    show_code(call, reader, call->caller.seat && call->caller.seat->account.has_totp_next, run_enrol);
}

static enum errc run_seed(void *context, struct desk *desk, struct err *err)
{
    struct own *own = context;
    return session_seed(desk, own->call->api->policy, own->call->caller.seat, own->seed, err);
}

void api_totp_seed(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    struct own own = {.call = call};
    char secret[OTP_SECRET_TEXT_SIZE];
    enum errc rc = need_person(call, &err);
    if (rc >= 0)
        rc = api_write(call, run_seed, &own, &err);
    if (rc < 0) {
        api_refuse(call, &err);
        return;
    }
    otp_text(own.seed, secret);
    const char *node = store_identity(reader->query.store)->node;
    const char *uri = arena_printf(
        &call->exchange->arena, "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=6&period=30",
        node, call->caller.seat->account.name, secret, node);
    json_t *doc = json_pack("{s:s,s:s}", "secret", secret, "uri", uri ? uri : "");
    api_answer(call, 201, doc);
    json_decref(doc);
    explicit_bzero(&own, sizeof own);
    http_reply_send(call->exchange);
}

/* ---- somebody else's ------------------------------------------------------------------------------- */

static enum errc run_end(void *context, struct desk *desk, struct err *err)
{
    const struct own *own = context;
    return session_leave(desk, route_param(&own->call->match, "id"), "ended", err);
}

void api_session_end(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    struct own own = {.call = call};
    (void)reader;
    if (api_write(call, run_end, &own, &err) < 0)
        api_refuse(call, &err);
    else
        send_nothing(call);
}
