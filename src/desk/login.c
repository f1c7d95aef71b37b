#include "desk/login.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/desk_internal.h"
#include "desk/people.h"
#include "store/subjects.h"

#include <string.h>

enum { LOGIN_ARENA_BYTES = 1 << 20, KEYS = 2, KEY_SIZE = HASH_TEXT_SIZE + 8 };

static const char *const WHAT[KEYS] = {"name", "address"};

/* What a try is counted under: the name, known or not, and the address. */
static enum errc keys_of(const struct login *login, char out[KEYS][KEY_SIZE], struct err *err)
{
    (void)snprintf(out[1], KEY_SIZE, "from:%s", login->address);
    return people_attempts_key(login->name, out[0], err);
}

static enum errc too_many(int64_t wait_ms, struct err *err)
{
    return err_set(err, ERR_TOO_MANY, "too many logins have failed; the next is taken in %lld s",
                   (long long)((wait_ms + 999) / 1000));
}

enum errc login_gate(struct store *store, const struct login *login, int64_t now_ms, int64_t *out_wait_ms,
                     struct err *err)
{
    char keys[KEYS][KEY_SIZE];
    int64_t wait_ms = 0;
    enum errc rc = keys_of(login, keys, err);
    for (size_t i = 0; rc >= 0 && i < KEYS; i++) {
        struct attempts tried;
        rc = attempts_get(store, keys[i], &tried, err);
        if (rc >= 0 && tried.until_ms - now_ms > wait_ms)
            wait_ms = tried.until_ms - now_ms;
    }
    if (rc < 0 || wait_ms == 0)
        return rc;
    *out_wait_ms = wait_ms;
    return too_many(wait_ms, err);
}

/* Failures outside the window are kept as a sum: the person is told of them at the next login. */
static void count_one(struct attempts *tried, int64_t max, const struct access_policy *policy, int64_t now_ms)
{
    if (tried->failures > 0 && (now_ms - tried->first_ms > policy->failures_window_ms || tried->until_ms)) {
        tried->refused += tried->failures;
        tried->failures = tried->until_ms = 0;
    }
    if (tried->failures == 0)
        tried->first_ms = now_ms;
    tried->failures++;
    tried->last_ms = now_ms;
    if (tried->failures >= max)
        tried->until_ms = now_ms + policy->lock_ms;
}

static enum errc count_keys(struct store *store, const struct access_policy *policy,
                            const struct login *login, int64_t now_ms, bool *out_last, struct err *err)
{
    const int64_t max[KEYS] = {policy->failures_name_max, policy->failures_address_max};
    char keys[KEYS][KEY_SIZE];
    enum errc rc = keys_of(login, keys, err);
    for (size_t i = 0; rc >= 0 && i < KEYS; i++) {
        struct attempts tried;
        rc = attempts_get(store, keys[i], &tried, err);
        if (rc < 0)
            break;
        count_one(&tried, max[i], policy, now_ms);
        *out_last = *out_last || tried.until_ms != 0;
        rc = attempts_save(store, keys[i], &tried, err);
    }
    return rc;
}

enum errc login_count(struct desk *desk, const struct access_policy *policy, const struct login *login,
                      bool *out_last, int64_t *out_wait_ms, struct err *err)
{
    struct store *store = desk->parts.store;
    int64_t now_ms = env_now_ms(desk->parts.env);
    bool last = false;
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    rc = login_gate(store, login, now_ms, out_wait_ms, err);
    if (rc >= 0)
        rc = count_keys(store, policy, login, now_ms, &last, err);
    if (rc >= 0)
        rc = commit_batch(desk, err);
    else
        abandon_batch(desk);
    if (rc >= 0)
        *out_last = last;
    return rc;
}

enum errc login_tally(struct desk *desk, const char *key, int64_t refused, struct err *err)
{
    struct attempts tried;
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    rc = attempts_get(desk->parts.store, key, &tried, err);
    if (rc >= 0) {
        tried.refused += refused;
        tried.last_ms = env_now_ms(desk->parts.env);
        rc = attempts_save(desk->parts.store, key, &tried, err);
    }
    if (rc >= 0)
        return commit_batch(desk, err);
    abandon_batch(desk);
    return rc;
}

/* ---- a lock is told -------------------------------------------------------------------------------- */

static enum errc tell_lock(struct desk *desk, const struct login *login, const char *what,
                           const struct attempts *tried, const char *person, struct err *err)
{
    char until[CIVIL_TIME_SIZE];
    civil_format_time(tried->until_ms, CIVIL_CHINA_MIN, until);
    json_t *body = json_pack("{s:s,s:s,s:I,s:s}", "what", what, "address", login->address, "failures",
                             (json_int_t)tried->failures, "until", until);
    if (*person)
        (void)json_object_set_new(body, "user", json_string(person));
    return people_tell(desk, "access.locked", NULL, NULL, NULL, body, err);
}

/* A name that nobody has is not written down: it may be a password in the wrong field. */
static enum errc tell_locks(struct desk *desk, const struct login *login, struct err *err)
{
    char keys[KEYS][KEY_SIZE];
    struct arena arena;
    struct account account = {.person = ""};
    int64_t now_ms = env_now_ms(desk->parts.env);
    arena_init(&arena, LOGIN_ARENA_BYTES);
    enum errc rc = keys_of(login, keys, err);
    if (rc >= 0)
        rc = accounts_by_name(desk->parts.store, login->name, &arena, &account, err);
    rc = rc == ERR_NOT_FOUND ? ERR_OK : rc;
    for (size_t i = 0; rc >= 0 && i < KEYS; i++) {
        struct attempts tried;
        rc = attempts_get(desk->parts.store, keys[i], &tried, err);
        if (rc >= 0 && tried.until_ms > now_ms)
            rc = tell_lock(desk, login, WHAT[i], &tried, i == 0 ? account.person : "", err);
    }
    arena_done(&arena);
    return rc;
}

enum errc login_clear(struct desk *desk, const struct login *login, struct err *err)
{
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    rc = people_clear(desk->parts.store, login->name, err);
    if (rc >= 0)
        return commit_batch(desk, err);
    abandon_batch(desk);
    return rc;
}

enum errc login_lock(struct desk *desk, const struct login *login, struct err *err)
{
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    rc = tell_locks(desk, login, err);
    if (rc >= 0)
        return commit_batch(desk, err);
    abandon_batch(desk);
    return rc;
}

/* ---- proof ----------------------------------------------------------------------------------------- */

static enum errc no_way(struct err *err)
{
    return err_set(err, ERR_AUTH, "name, password or code is wrong, or the account is closed");
}

/* A hash that no password has, at the price of a real one. */
static void vain_hash(const struct access_policy *policy, char out[PASSWORD_TEXT_SIZE])
{
    static const char TAIL[] = "$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    (void)snprintf(out, PASSWORD_TEXT_SIZE, "$argon2id$v=19$m=%u,t=%u,p=1%s", policy->cost.memory_kib,
                   policy->cost.passes, TAIL);
}

/* Whether the account is of somebody who may come in at all. */
static bool is_open(const struct store *store, const struct access_policy *policy,
                    const struct account *account, const struct subject *user, int64_t now_ms)
{
    bool unused = account->entered_ms != 0 && now_ms - account->entered_ms > policy->unused_ms;
    return streq(user->state, "active") && streq(user->owner, store_identity(store)->node) && !unused &&
           *account->password;
}

enum errc login_prove(struct store *store, const struct access_policy *policy, const struct login *login,
                      int64_t now_ms, struct arena *arena, struct login_proof *out, struct err *err)
{
    char vain[PASSWORD_TEXT_SIZE];
    struct account account = {.person = "", .password = ""};
    struct subject user = {.title = ""};
    bool open = false;
    bool same = false;
    int64_t step = 0;
    enum errc rc = accounts_by_name(store, login->name, arena, &account, err);
    bool known = rc >= 0;
    if (known)
        rc = subjects_load(store, account.person, arena, &user, err);
    else if (rc == ERR_NOT_FOUND)
        rc = ERR_OK;
    if (rc >= 0) {
        open = known && is_open(store, policy, &account, &user, now_ms);
        vain_hash(policy, vain);
        rc = password_check(*account.password ? account.password : vain, login->password, &same, err);
    }
    if (rc >= 0 && login->code)
        rc = otp_find(account.totp, login->code, now_ms, account.totp_step, &step, err);
    if (rc < 0)
        return rc;
    if (!open || !same || (login->code && (!account.has_totp || step == 0)))
        return no_way(err);
    *out = (struct login_proof){account.person, user.title, step};
    return ERR_OK;
}

/* ---- the session ----------------------------------------------------------------------------------- */

/* The post that was asked for, else the first in force. */
static enum errc choose_post(struct store *store, const struct subject *user, const char *wanted,
                             struct arena *arena, struct seat *out, struct err *err)
{
    const json_t *posts = json_object_get(user->doc, "posts");
    *out = (struct seat){.post = {.id = "", .title = "", .role = access_role("viewer")}};
    for (size_t i = 0; i < json_array_size(posts); i++) {
        const char *id = json_string_value(json_array_get(posts, i));
        if (wanted && !streq(id, wanted))
            continue;
        enum errc rc = session_post(store, id, arena, out, err);
        if (rc != ERR_AUTH)
            return rc;
    }
    return wanted ? err_field(err, ERR_INVALID, "post", "this is not one of the person's posts") : ERR_OK;
}

static enum errc keep_entry(struct store *store, const struct login *login, const struct login_proof *proof,
                            struct arena *arena, struct session *session, struct err *err)
{
    char key[KEY_SIZE];
    struct account account;
    struct attempts tried;
    enum errc rc = accounts_get(store, proof->person, arena, &account, err);
    if (rc >= 0)
        rc = people_attempts_key(login->name, key, err);
    if (rc >= 0)
        rc = attempts_get(store, key, &tried, err);
    if (rc < 0)
        return rc;
    if (proof->totp_step != 0 && proof->totp_step <= account.totp_step)
        return no_way(err); /* the same code came in by another door meanwhile */
    session->failures = tried.failures + tried.refused - (tried.failures > 0);
    session->before_ms = account.entered_ms;
    session->before_from = account.entered_from;
    account.entered_ms = session->opened_ms;
    account.entered_from = login->address;
    if (proof->totp_step != 0)
        account.totp_step = proof->totp_step;
    rc = accounts_save(store, &account, err);
    return rc < 0 ? rc : attempts_drop(store, key, err);
}

static enum errc open_session(struct desk *desk, const struct login *login, const struct login_proof *proof,
                              struct arena *arena, struct session_made *made, struct err *err)
{
    struct store *store = desk->parts.store;
    int64_t now_ms = env_now_ms(desk->parts.env);
    struct subject user;
    struct seat seat;
    struct session session = {.id = made->id,
                              .person = proof->person,
                              .address = login->address,
                              .opened_ms = now_ms,
                              .seen_ms = now_ms,
                              .confirmed_ms = proof->totp_step ? now_ms : 0};
    enum errc rc = subjects_load(store, proof->person, arena, &user, err);
    if (rc >= 0)
        rc = choose_post(store, &user, login->post, arena, &seat, err);
    if (rc < 0)
        return rc;
    session.post = seat.post.id;
    rc = keep_entry(store, login, proof, arena, &session, err);
    if (rc >= 0)
        rc = env_uuid(desk->parts.env, made->id, err);
    if (rc >= 0)
        rc = session_secret(desk->parts.env, made->secret, session.hash, err);
    if (rc >= 0)
        rc = sessions_add(store, &session, err);
    return rc < 0 ? rc
                  : people_tell(desk, "user.entered", proof->person, proof->name, seat.post.title,
                                json_pack("{s:s,s:s,s:s,s:b,s:I}", "session", made->id, "address",
                                          login->address, "post", session.post, "factor",
                                          proof->totp_step != 0, "failures", (json_int_t)session.failures),
                                err);
}

enum errc login_open(struct desk *desk, const struct login *login, const struct login_proof *proof,
                     struct session_made *out, struct err *err)
{
    struct arena arena;
    struct session_made made;
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    arena_init(&arena, LOGIN_ARENA_BYTES);
    rc = open_session(desk, login, proof, &arena, &made, err);
    if (rc >= 0)
        rc = commit_batch(desk, err);
    else
        abandon_batch(desk);
    arena_done(&arena);
    if (rc >= 0)
        *out = made;
    return rc;
}
