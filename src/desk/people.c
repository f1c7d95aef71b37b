#include "desk/people.h"

#include "base/civil.h"
#include "base/otp.h"
#include "base/str.h"
#include "desk/access.h"
#include "desk/desk_internal.h"
#include "store/sessions.h"
#include "store/subjects.h"

#include <ctype.h>
#include <string.h>

enum { CODE_CHARS = 20, CODE_GROUP = 5, PEOPLE_ARENA_BYTES = 1 << 20 };

const char *const PEOPLE_ADMINISTRATOR_ROLES[PEOPLE_ADMINISTRATORS] = {"operator", "security", "auditor"};

static const char SETUP_POST[] = "初始设置";

/* ---- codes ----------------------------------------------------------------------------------------- */

/* A hundred bits, in groups that can be read out on a telephone. */
static enum errc make_code(const struct env *env, struct one_time_code *out, struct err *err)
{
    uint8_t random[OTP_SECRET_BYTES];
    char text[OTP_SECRET_TEXT_SIZE];
    enum errc rc = env_random(env, random, sizeof random, err);
    if (rc < 0)
        return rc;
    otp_text(random, text);
    size_t n = 0;
    for (size_t i = 0; i < CODE_CHARS; i++) {
        if (i > 0 && i % CODE_GROUP == 0)
            out->text[n++] = '-';
        out->text[n++] = text[i];
    }
    out->text[n] = '\0';
    explicit_bzero(random, sizeof random);
    explicit_bzero(text, sizeof text);
    return ERR_OK;
}

/* As people type it: small letters, blanks and dashes do not matter. Kept under a hash of its own kind. */
static enum errc hash_code(const char *code, uint8_t out[HASH_SIZE], struct err *err)
{
    static const char PURPOSE[] = "fengsui one-time code v1\n";
    struct hasher *hasher = NULL;
    enum errc rc = hasher_new(SUITE_P256_SHA256, &hasher, err);
    if (rc < 0)
        return rc;
    hash_begin(hasher);
    hash_add(hasher, PURPOSE, sizeof PURPOSE - 1);
    for (const char *c = code; *c; c++) {
        char upper = (char)(*c >= 'a' && *c <= 'z' ? *c - ('a' - 'A') : *c);
        if (upper != '-' && upper != ' ')
            hash_add(hasher, &upper, 1);
    }
    rc = hash_end(hasher, out, err);
    hasher_free(hasher);
    return rc;
}

static enum errc put_code(struct desk *desk, const char *person, int64_t ttl_ms, struct one_time_code *out,
                          struct err *err)
{
    struct access_code code = {.person = person, .created_ms = env_now_ms(desk->parts.env)};
    enum errc rc = make_code(desk->parts.env, out, err);
    if (rc >= 0)
        rc = hash_code(out->text, code.hash, err);
    out->expires_ms = code.expires_ms = code.created_ms + ttl_ms;
    return rc < 0 ? rc : access_codes_put(desk->parts.store, &code, err);
}

static enum errc no_code(struct err *err)
{
    return err_field(err, ERR_AUTH, "code", "the code is unknown, used, or out of date; ask for another");
}

static enum errc find_code(struct store *store, const char *code, const char *person, int64_t now_ms,
                           struct arena *arena, struct err *err)
{
    uint8_t hash[HASH_SIZE];
    struct access_code found;
    enum errc rc = hash_code(code, hash, err);
    if (rc >= 0)
        rc = access_codes_find(store, hash, arena, &found, err);
    if (rc == ERR_NOT_FOUND || (rc >= 0 && (!streq(found.person, person) || found.expires_ms <= now_ms)))
        return no_code(err);
    return rc;
}

/* ---- acts ------------------------------------------------------------------------------------------ */

enum errc people_tell(struct desk *desk, const char *kind, const char *user, const char *person,
                      const char *post, json_t *body, struct err *err)
{
    struct arena arena;
    struct system_request request = {
        .kind = kind, .subject = user, .body = body, .person = person, .post = post};
    if (!body)
        return err_set(err, ERR_NOMEM, "no memory for an act");
    arena_init(&arena, DESK_ARENA_BYTES);
    enum errc rc = system_act(desk, &request, &arena, err);
    arena_done(&arena);
    return rc;
}

enum errc people_attempts_key(const char *name, char out[HASH_TEXT_SIZE + 8], struct err *err)
{
    uint8_t hash[HASH_SIZE];
    struct hasher *hasher = NULL;
    enum errc rc = hasher_new(SUITE_P256_SHA256, &hasher, err);
    if (rc >= 0)
        rc = hash_once(hasher, name, strlen(name), hash, err);
    hasher_free(hasher);
    if (rc < 0)
        return rc;
    memcpy(out, "name:", 5);
    hex_encode(hash, sizeof hash, out + 5);
    return ERR_OK;
}

/* ---- what the acts bring about --------------------------------------------------------------------- */

/* Small letters only: names that look alike must not be two. */
static bool name_valid(const char *name)
{
    size_t size = strlen(name);
    for (const char *c = name; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && !strchr("._-", *c))
            return false;
    return size >= 2 && size <= PEOPLE_NAME_MAX;
}

static enum errc make_account(struct desk *desk, const struct act *act, struct err *err)
{
    const char *name = json_string_value(json_object_get(act->body, "name"));
    if (!name || !name_valid(name))
        return err_field(err, ERR_INVALID, "body.name",
                         "a login name has 2 to %d small letters, digits, '.', '_' and '-'", PEOPLE_NAME_MAX);
    enum errc rc = accounts_add(desk->parts.store, act->subject, name, err);
    return rc == ERR_CONFLICT ? err_field(err, rc, "body.name", "the login name %s is taken", name) : rc;
}

static bool administers(const char *role)
{
    for (size_t i = 0; i < PEOPLE_ADMINISTRATORS; i++)
        if (streq(role, PEOPLE_ADMINISTRATOR_ROLES[i]))
            return true;
    return false;
}

/* Two posts of one person: do their roles get on? */
static bool together(const char *a, const char *b)
{
    return streq(a, b) || streq(a, "viewer") || streq(b, "viewer") || (!administers(a) && !administers(b));
}

static enum errc check_posts(struct desk *desk, const struct act *act, struct arena *arena, struct err *err)
{
    const json_t *posts = json_object_get(act->body, "posts");
    size_t count = json_array_size(posts);
    const char **roles = arena_array(arena, count, sizeof *roles);
    if (!roles)
        return err_set(err, ERR_NOMEM, "no memory for posts");
    for (size_t i = 0; i < count; i++) {
        const char *id = json_string_value(json_array_get(posts, i));
        struct subject post;
        enum errc rc = subjects_load(desk->parts.store, id, arena, &post, err);
        if (rc == ERR_NOT_FOUND || (rc >= 0 && !streq(post.type, "post")))
            return err_field(err, ERR_INVALID, "body.posts", "there is no post %.40s", id);
        if (rc < 0)
            return rc;
        roles[i] = json_string_value(json_object_get(post.doc, "role"));
        for (size_t k = 0; k < i; k++)
            if (!together(roles[i], roles[k]))
                return err_field(err, ERR_INVALID, "body.posts",
                                 "nobody is %s and %s at once: they watch each other", roles[k], roles[i]);
    }
    return ERR_OK;
}

enum errc people_apply(struct desk *desk, const struct act *act, struct arena *arena, struct err *err)
{
    if (!streq(act->node, desk->parts.node))
        return ERR_OK;
    if (streq(act->kind, "user.added"))
        return make_account(desk, act, err);
    return streq(act->kind, "user.posted") ? check_posts(desk, act, arena, err) : ERR_OK;
}

/* ---- the first run --------------------------------------------------------------------------------- */

enum errc people_first_run(struct store *store, bool *out, struct err *err)
{
    struct arena arena;
    struct subject_page page = {0};
    struct subject_filter filter = {.type = "user", .limit = 1};
    arena_init(&arena, PEOPLE_ARENA_BYTES);
    enum errc rc = subjects_list(store, &filter, &arena, &page, err);
    arena_done(&arena);
    if (rc >= 0)
        *out = page.count == 0;
    return rc;
}

static enum errc end_batch(struct desk *desk, enum errc rc, struct err *err)
{
    if (rc >= 0)
        return commit_batch(desk, err);
    abandon_batch(desk);
    return rc;
}

enum errc people_setup_code(struct desk *desk, const struct access_policy *policy, struct one_time_code *out,
                            struct err *err)
{
    struct one_time_code code;
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    rc = end_batch(desk, put_code(desk, "", policy->setup_ms, &code, err), err);
    if (rc >= 0)
        *out = code;
    return rc;
}

/* The act, and the id of what it made. */
static enum errc make(struct desk *desk, const char *kind, const char *subject, const char *person,
                      json_t *body, char out[UUID_TEXT_SIZE], struct err *err)
{
    struct submission sub = {.kind = kind,
                             .subject = subject,
                             .person = person,
                             .post = SETUP_POST,
                             .body = body,
                             .expected_rev = -1,
                             .by_system = true};
    struct arena arena;
    if (!body)
        return err_set(err, ERR_NOMEM, "no memory for an act");
    arena_init(&arena, DESK_ARENA_BYTES);
    enum errc rc = submit_within(desk, &sub, &arena, err);
    arena_done(&arena);
    json_decref(body);
    if (rc >= 0 && out)
        memcpy(out, sub.made, UUID_TEXT_SIZE);
    return rc;
}

static enum errc set_password(struct desk *desk, const char *user, const char *password, struct err *err)
{
    struct arena arena;
    struct account account;
    arena_init(&arena, PEOPLE_ARENA_BYTES);
    enum errc rc = accounts_get(desk->parts.store, user, &arena, &account, err);
    if (rc >= 0) {
        account.password = password;
        account.password_ms = env_now_ms(desk->parts.env);
        rc = accounts_save(desk->parts.store, &account, err);
    }
    arena_done(&arena);
    return rc;
}

static enum errc make_administrator(struct desk *desk, const struct access_policy *policy, const char *by,
                                    struct administrator *admin, struct err *err)
{
    char post[UUID_TEXT_SIZE];
    const char *title = access_role(admin->role)->zh;
    enum errc rc = make(desk, "post.set", NULL, by,
                        json_pack("{s:s,s:s,s:[]}", "title", title, "role", admin->role, "powers"), post,
                        err);
    if (rc >= 0)
        rc = make(desk, "user.added", NULL, by,
                  json_pack("{s:s,s:s}", "name", admin->name, "title", admin->person), admin->user, err);
    if (rc >= 0)
        rc = make(desk, "user.posted", admin->user, by, json_pack("{s:[s]}", "posts", post), NULL, err);
    admin->code.text[0] = '\0';
    if (rc >= 0 && admin->password)
        return set_password(desk, admin->user, admin->password, err);
    return rc < 0 ? rc : put_code(desk, admin->user, policy->code_ms, &admin->code, err);
}

static enum errc check_roles(const struct administrator admins[PEOPLE_ADMINISTRATORS], struct err *err)
{
    for (size_t i = 0; i < PEOPLE_ADMINISTRATORS; i++) {
        size_t found = 0;
        for (size_t k = 0; k < PEOPLE_ADMINISTRATORS; k++)
            found += streq(admins[k].role, PEOPLE_ADMINISTRATOR_ROLES[i]);
        if (found != 1)
            return err_field(err, ERR_INVALID, "administrators", "exactly one %s is needed",
                             PEOPLE_ADMINISTRATOR_ROLES[i]);
    }
    return ERR_OK;
}

static enum errc setup(struct desk *desk, const struct access_policy *policy, const char *code,
                       struct administrator admins[PEOPLE_ADMINISTRATORS], struct err *err)
{
    struct arena arena;
    bool first = false;
    enum errc rc = people_first_run(desk->parts.store, &first, err);
    if (rc >= 0 && !first)
        return err_set(err, ERR_CONFLICT, "this node has its administrators already");
    arena_init(&arena, PEOPLE_ARENA_BYTES);
    if (rc >= 0)
        rc = find_code(desk->parts.store, code, "", env_now_ms(desk->parts.env), &arena, err);
    arena_done(&arena);
    for (size_t i = 0; rc >= 0 && i < PEOPLE_ADMINISTRATORS; i++) {
        rc = make_administrator(desk, policy, admins[0].person, &admins[i], err);
        if (rc == ERR_INVALID || rc == ERR_CONFLICT) {
            char field[sizeof err->field];
            (void)snprintf(field, sizeof field, "administrators[%zu]", i);
            if (err && strncmp(err->field, "body.", 5) == 0)
                memmove(err->field, err->field + 5, strlen(err->field + 5) + 1);
            err_field_prefix(err, field);
        }
    }
    if (rc >= 0)
        rc = people_clear(desk->parts.store, "setup", err);
    return rc < 0 ? rc : access_codes_drop(desk->parts.store, "", err);
}

enum errc people_setup(struct desk *desk, const struct access_policy *policy, const char *code,
                       struct administrator admins[PEOPLE_ADMINISTRATORS], struct err *err)
{
    enum errc rc = check_roles(admins, err);
    if (rc >= 0)
        rc = begin_batch(desk, err);
    return rc < 0 ? rc : end_batch(desk, setup(desk, policy, code, admins, err), err);
}

/* ---- one person ------------------------------------------------------------------------------------ */

enum errc people_clear(struct store *store, const char *name, struct err *err)
{
    char key[HASH_TEXT_SIZE + 8];
    enum errc rc = people_attempts_key(name, key, err);
    return rc < 0 ? rc : attempts_drop(store, key, err);
}

/* As if it were new: whoever has the old password, authenticator or session has nothing. */
static enum errc reset(struct desk *desk, const char *user, struct arena *arena, struct err *err)
{
    struct store *store = desk->parts.store;
    struct account account;
    enum errc rc = accounts_get(store, user, arena, &account, err);
    if (rc == ERR_NOT_FOUND)
        return err_field(err, rc, "id", "there is no user %.40s here", user);
    if (rc < 0)
        return rc;
    account.password = "";
    account.has_totp = account.has_totp_next = false;
    rc = accounts_save(store, &account, err);
    if (rc >= 0)
        rc = sessions_drop_others(store, user, NULL, err);
    return rc < 0 ? rc : people_clear(store, account.name, err);
}

static enum errc issue(struct desk *desk, const struct access_policy *policy, const char *user,
                       const struct people_by *by, struct one_time_code *out, struct err *err)
{
    struct arena arena;
    char until[CIVIL_TIME_SIZE];
    arena_init(&arena, PEOPLE_ARENA_BYTES);
    enum errc rc = reset(desk, user, &arena, err);
    if (rc >= 0)
        rc = put_code(desk, user, policy->code_ms, out, err);
    arena_done(&arena);
    if (rc < 0)
        return rc;
    civil_format_time(out->expires_ms, CIVIL_CHINA_MIN, until);
    return people_tell(desk, "user.code_issued", user, by->person, by->post,
                       json_pack("{s:s,s:s}", "reason", by->reason, "expires", until), err);
}

enum errc people_code(struct desk *desk, const struct access_policy *policy, const char *user,
                      const struct people_by *by, struct one_time_code *out, struct err *err)
{
    struct one_time_code code;
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    rc = end_batch(desk, issue(desk, policy, user, by, &code, err), err);
    if (rc >= 0)
        *out = code;
    return rc;
}

static enum errc unlock(struct desk *desk, const char *user, const struct people_by *by, struct err *err)
{
    struct arena arena;
    struct account account;
    arena_init(&arena, PEOPLE_ARENA_BYTES);
    enum errc rc = accounts_get(desk->parts.store, user, &arena, &account, err);
    if (rc == ERR_NOT_FOUND)
        (void)err_field(err, rc, "id", "there is no user %.40s here", user);
    if (rc >= 0)
        rc = people_clear(desk->parts.store, account.name, err);
    arena_done(&arena);
    return rc < 0 ? rc
                  : people_tell(desk, "user.unlocked", user, by->person, by->post,
                                json_pack("{s:s}", "reason", by->reason), err);
}

enum errc people_unlock(struct desk *desk, const char *user, const struct people_by *by, struct err *err)
{
    enum errc rc = begin_batch(desk, err);
    return rc < 0 ? rc : end_batch(desk, unlock(desk, user, by, err), err);
}

enum errc people_code_check(struct store *store, const char *name, const char *code, int64_t now_ms,
                            struct arena *arena, struct account *out, struct err *err)
{
    struct account account;
    enum errc rc = accounts_by_name(store, name, arena, &account, err);
    if (rc == ERR_NOT_FOUND)
        return no_code(err);
    if (rc >= 0)
        rc = find_code(store, code, account.person, now_ms, arena, err);
    if (rc >= 0)
        *out = account;
    return rc;
}

static enum errc activate(struct desk *desk, const char *name, const char *code, const char *password,
                          struct arena *arena, struct err *err)
{
    struct account account;
    struct subject user;
    enum errc rc = people_code_check(desk->parts.store, name, code, env_now_ms(desk->parts.env), arena,
                                     &account, err);
    if (rc >= 0)
        rc = access_codes_drop(desk->parts.store, account.person, err);
    if (rc >= 0)
        rc = set_password(desk, account.person, password, err);
    if (rc >= 0)
        rc = people_clear(desk->parts.store, name, err);
    if (rc >= 0)
        rc = subjects_load(desk->parts.store, account.person, arena, &user, err);
    return rc < 0 ? rc
                  : people_tell(desk, "user.rekeyed", account.person, user.title, NULL,
                                json_pack("{s:s}", "how", "activation"), err);
}

enum errc people_activate(struct desk *desk, const char *name, const char *code, const char *password,
                          struct err *err)
{
    struct arena arena;
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    arena_init(&arena, PEOPLE_ARENA_BYTES);
    rc = end_batch(desk, activate(desk, name, code, password, &arena, err), err);
    arena_done(&arena);
    return rc;
}
