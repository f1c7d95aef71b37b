#include "desk/access.h"

#include "base/str.h"
#include "desk/session.h"

#include <string.h>

#define PREFIX "fst_"
enum { PREFIX_BYTES = 4, RANDOM_BYTES = 32, ACCESS_ARENA_BYTES = 1 << 20 };

static const struct access_role ROLES[] = {
    {"viewer", "观察员", ACCESS_READ},
    {"officer", "值班员", ACCESS_READ | ACCESS_ACT},
    {"operator", "系统管理员", ACCESS_READ | ACCESS_OPERATE},
    {"security", "安全管理员", ACCESS_READ | ACCESS_SECURE},
    {"auditor", "审计管理员", ACCESS_READ | ACCESS_AUDIT},
    {"wall", "大屏", ACCESS_READ},
};

const struct access_role *access_role_at(size_t index)
{
    return index < sizeof ROLES / sizeof ROLES[0] ? &ROLES[index] : NULL;
}

const struct access_role *access_role(const char *name)
{
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++)
        if (streq(ROLES[i].name, name))
            return &ROLES[i];
    return NULL;
}

static enum errc hash_text(const char *text, uint8_t out[HASH_SIZE], struct err *err)
{
    struct hasher *hasher = NULL;
    enum errc rc = hasher_new(SUITE_P256_SHA256, &hasher, err);
    if (rc >= 0)
        rc = hash_once(hasher, text, strlen(text), out, err);
    hasher_free(hasher);
    return rc;
}

static enum errc check_request(const struct access_request *request, int64_t now_ms, struct err *err)
{
    const struct {
        const char *field;
        const char *text;
    } names[] = {{"person", request->person}, {"post", request->post}};
    if (!access_role(request->role))
        return err_field(
            err, ERR_INVALID, "role",
            "there is no role '%.40s'; take viewer, officer, operator, security, auditor or wall",
            request->role ? request->role : "");
    for (size_t i = 0; i < 2; i++) {
        size_t size = names[i].text ? strlen(names[i].text) : 0;
        if (size == 0)
            return err_field(err, ERR_INVALID, names[i].field,
                             "say who will use the token: acts carry the name");
        if (!utf8_valid(names[i].text, size) || utf8_count(names[i].text, size) > ACCESS_NAME_MAX)
            return err_field(err, ERR_INVALID, names[i].field, "takes up to %d characters", ACCESS_NAME_MAX);
    }
    if (streq(request->role, "wall") && !request->address)
        return err_field(err, ERR_INVALID, "address", "a wall screen's token is bound to its address");
    if (request->address && (!*request->address || strlen(request->address) > ACCESS_ADDRESS_MAX))
        return err_field(err, ERR_INVALID, "address", "an IP address is expected");
    if (request->expires_ms != 0 && request->expires_ms <= now_ms)
        return err_field(err, ERR_INVALID, "expires", "lies in the past");
    return ERR_OK;
}

static enum errc make_text(const struct env *env, struct access_made *out, struct err *err)
{
    uint8_t random[RANDOM_BYTES];
    enum errc rc = env_random(env, random, sizeof random, err);
    if (rc < 0)
        return rc;
    memcpy(out->text, PREFIX, PREFIX_BYTES);
    hex_encode(random, sizeof random, out->text + PREFIX_BYTES);
    explicit_bzero(random, sizeof random);
    return env_uuid(env, out->id, err);
}

/* A post's token says what the post says, whatever else was asked for. */
static enum errc take_post(struct store *store, struct access_request *request, struct arena *arena,
                           struct err *err)
{
    struct seat seat = {0};
    if (!request->post_id)
        return ERR_OK;
    enum errc rc = session_post(store, request->post_id, arena, &seat, err);
    if (rc == ERR_AUTH)
        return err_field(err, ERR_INVALID, "post_id", "there is no post %.40s in force", request->post_id);
    if (rc >= 0) {
        request->role = seat.post.role->name;
        request->post = seat.post.title;
    }
    return rc;
}

static enum errc create(const struct desk_parts *parts, const struct access_request *request,
                        struct access_made *out, struct err *err)
{
    struct access_made made;
    struct token token = {.id = made.id,
                          .role = request->role,
                          .person = request->person,
                          .post = request->post,
                          .created_ms = env_now_ms(parts->env),
                          .expires_ms = request->expires_ms,
                          .post_id = request->post_id,
                          .address = request->address,
                          .marked = request->marked};
    enum errc rc = check_request(request, token.created_ms, err);
    if (rc >= 0)
        rc = make_text(parts->env, &made, err);
    if (rc >= 0)
        rc = hash_text(made.text, token.hash, err);
    if (rc >= 0)
        rc = store_begin(parts->store, err);
    if (rc < 0)
        return rc;
    rc = tokens_add(parts->store, &token, err);
    if (rc >= 0)
        rc = store_commit(parts->store, err);
    if (rc < 0)
        store_rollback(parts->store);
    else
        *out = made;
    return rc;
}

enum errc access_create(struct desk *desk, const struct access_request *request, struct access_made *out,
                        struct err *err)
{
    const struct desk_parts *parts = desk_parts(desk);
    struct access_request whole = *request;
    struct arena arena;
    arena_init(&arena, ACCESS_ARENA_BYTES);
    enum errc rc = take_post(parts->store, &whole, &arena, err);
    if (rc >= 0)
        rc = create(parts, &whole, out, err);
    arena_done(&arena);
    return rc;
}

enum errc access_revoke(struct desk *desk, const char *id, struct err *err)
{
    const struct desk_parts *parts = desk_parts(desk);
    enum errc rc = store_begin(parts->store, err);
    if (rc < 0)
        return rc;
    rc = tokens_revoke(parts->store, id, env_now_ms(parts->env), err);
    if (rc >= 0)
        rc = store_commit(parts->store, err);
    if (rc < 0)
        store_rollback(parts->store);
    return rc;
}

enum errc access_check(struct store *store, const char *text, const char *address, int64_t now_ms,
                       struct arena *arena, struct token *out, struct err *err)
{
    uint8_t hash[HASH_SIZE];
    struct token token;
    if (strlen(text) != ACCESS_TEXT_SIZE - 1 || strncmp(text, PREFIX, PREFIX_BYTES) != 0)
        return err_set(err, ERR_AUTH, "this is not a token: it begins with " PREFIX " and has %d characters",
                       ACCESS_TEXT_SIZE - 1);
    enum errc rc = hash_text(text, hash, err);
    if (rc >= 0)
        rc = tokens_find(store, hash, arena, &token, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_AUTH, "the token is not known here");
    if (rc < 0)
        return rc;
    if (token.revoked_ms != 0)
        return err_set(err, ERR_AUTH, "the token was revoked");
    if (token.expires_ms != 0 && token.expires_ms <= now_ms)
        return err_set(err, ERR_AUTH, "the token has expired");
    if (*token.address && !streq(token.address, address))
        return err_set(err, ERR_AUTH, "the token is not good from %s", address ? address : "here");
    if (!access_role(token.role))
        return err_set(err, ERR_AUTH, "the token has a role this program does not know");
    *out = token;
    return ERR_OK;
}
