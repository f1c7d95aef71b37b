#include "desk/session.h"

#include "base/str.h"
#include "desk/desk_internal.h"
#include "desk/people.h"
#include "store/subjects.h"

#include <string.h>

#define PREFIX "fss_"
enum { PREFIX_BYTES = 4, RANDOM_BYTES = 32, SESSION_ARENA_BYTES = 1 << 20 };

/* ---- secrets --------------------------------------------------------------------------------------- */

static enum errc hash_of(const char *purpose, const char *secret, uint8_t out[HASH_SIZE], struct err *err)
{
    struct hasher *hasher = NULL;
    enum errc rc = hasher_new(SUITE_P256_SHA256, &hasher, err);
    if (rc < 0)
        return rc;
    hash_begin(hasher);
    hash_add(hasher, purpose, strlen(purpose));
    hash_add(hasher, secret, strlen(secret));
    rc = hash_end(hasher, out, err);
    hasher_free(hasher);
    return rc;
}

static enum errc hash_secret(const char *secret, uint8_t out[HASH_SIZE], struct err *err)
{
    return hash_of("fengsui session v1\n", secret, out, err);
}

enum errc session_csrf(const char *secret, char out[SESSION_CSRF_SIZE], struct err *err)
{
    uint8_t hash[HASH_SIZE];
    enum errc rc = hash_of("fengsui csrf v1\n", secret, hash, err);
    if (rc >= 0)
        hex_encode(hash, sizeof hash, out);
    return rc;
}

enum errc session_secret(const struct env *env, char out[SESSION_SECRET_SIZE], uint8_t out_hash[HASH_SIZE],
                         struct err *err)
{
    uint8_t random[RANDOM_BYTES];
    enum errc rc = env_random(env, random, sizeof random, err);
    if (rc < 0)
        return rc;
    memcpy(out, PREFIX, PREFIX_BYTES);
    hex_encode(random, sizeof random, out + PREFIX_BYTES);
    explicit_bzero(random, sizeof random);
    return hash_secret(out, out_hash, err);
}

/* ---- who sits here --------------------------------------------------------------------------------- */

static enum errc over(struct err *err)
{
    return err_set(err, ERR_AUTH, "the session is not known here, or it is over; log in again");
}

static enum errc load_own(struct store *store, const char *id, const char *type, const char *state,
                          struct arena *arena, struct subject *out, struct err *err)
{
    enum errc rc = subjects_load(store, id, arena, out, err);
    if (rc == ERR_NOT_FOUND)
        return over(err);
    if (rc < 0)
        return rc;
    bool good = streq(out->type, type) && streq(out->state, state) &&
                streq(out->owner, store_identity(store)->node);
    return good ? ERR_OK : over(err);
}

static enum errc read_powers(const struct subject *post, struct arena *arena, struct seat *out,
                             struct err *err)
{
    const json_t *powers = json_object_get(post->doc, "powers");
    out->power_count = json_array_size(powers);
    out->powers = arena_array(arena, out->power_count, sizeof *out->powers);
    if (!out->powers)
        return err_set(err, ERR_NOMEM, "no memory for the powers of a post");
    for (size_t i = 0; i < out->power_count; i++)
        out->powers[i] = json_string_value(json_array_get(powers, i));
    return ERR_OK;
}

enum errc session_post(struct store *store, const char *id, struct arena *arena, struct seat *out,
                       struct err *err)
{
    struct subject post;
    enum errc rc = load_own(store, id, "post", "current", arena, &post, err);
    if (rc < 0)
        return rc;
    const struct access_role *role = access_role(json_string_value(json_object_get(post.doc, "role")));
    if (!role)
        return over(err);
    out->post = (struct seat_post){post.id, post.title, role};
    out->region = post.region;
    return read_powers(&post, arena, out, err);
}

/* Every post in force, and among them the one of the session. A post that was taken away meanwhile leaves its
 * holder a viewer. */
static enum errc read_posts(struct store *store, const struct subject *user, struct arena *arena,
                            struct seat *seat, struct err *err)
{
    const json_t *posts = json_object_get(user->doc, "posts");
    const char *wanted = seat->session.post;
    seat->post = (struct seat_post){"", "", access_role("viewer")};
    seat->region = "";
    for (size_t i = 0; i < json_array_size(posts) && seat->post_count < SESSION_POSTS_MAX; i++) {
        struct seat one = {0};
        const char *id = json_string_value(json_array_get(posts, i));
        enum errc rc = session_post(store, id, arena, &one, err);
        if (rc == ERR_AUTH)
            continue;
        if (rc < 0)
            return rc;
        seat->posts[seat->post_count++] = one.post;
        if (streq(id, wanted)) {
            seat->post = one.post;
            seat->region = one.region;
            seat->powers = one.powers;
            seat->power_count = one.power_count;
        }
    }
    return ERR_OK;
}

bool seat_has_all_powers(const struct seat *seat)
{
    for (size_t i = 0; i < seat->power_count; i++)
        if (streq(seat->powers[i], "*"))
            return true;
    return false;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void weigh(const struct access_policy *policy, int64_t now_ms, struct seat *seat)
{
    const struct session *session = &seat->session;
    int64_t confirmed_ms = session->confirmed_ms ? session->confirmed_ms + policy->confirm_ms : 0;
    bool idle = now_ms - session->seen_ms >= policy->idle_lock_ms;
    bool old = now_ms - seat->account.password_ms >= policy->password_ms;
    seat->state = idle || session->locked_ms ? SEAT_LOCKED : old ? SEAT_MUST_CHANGE : SEAT_OPEN;
    seat->ends_ms = least(session->opened_ms + policy->session_ms, session->seen_ms + policy->idle_end_ms);
    seat->locks_ms = session->seen_ms + policy->idle_lock_ms;
    seat->confirmed_until_ms = confirmed_ms > now_ms ? confirmed_ms : 0;
    seat->standing = (struct standing){.user = session->person,
                                       .region = seat->region,
                                       .all_powers = seat_has_all_powers(seat),
                                       .powers = seat->powers,
                                       .power_count = seat->power_count,
                                       .confirmed = seat->confirmed_until_ms != 0};
}

enum errc session_check(struct store *store, const struct access_policy *policy, const char *secret,
                        int64_t now_ms, struct arena *arena, struct seat *out, struct err *err)
{
    uint8_t hash[HASH_SIZE];
    struct subject user;
    struct seat seat = {0};
    if (strlen(secret) != SESSION_SECRET_SIZE - 1 || strncmp(secret, PREFIX, PREFIX_BYTES) != 0)
        return over(err);
    enum errc rc = hash_secret(secret, hash, err);
    if (rc >= 0)
        rc = sessions_find(store, hash, arena, &seat.session, err);
    if (rc >= 0)
        rc = accounts_get(store, seat.session.person, arena, &seat.account, err);
    if (rc == ERR_NOT_FOUND)
        return over(err);
    if (rc >= 0)
        rc = load_own(store, seat.session.person, "user", "active", arena, &user, err);
    if (rc >= 0)
        rc = read_posts(store, &user, arena, &seat, err);
    if (rc < 0)
        return rc;
    seat.person = user.title;
    weigh(policy, now_ms, &seat);
    if (now_ms >= seat.ends_ms || !*seat.account.password)
        return over(err);
    *out = seat;
    return ERR_OK;
}

/* ---- changes --------------------------------------------------------------------------------------- */

/* One change of a session, in a transaction of its own, on its row as it is now. */
struct change {
    struct desk *desk;
    const struct seat *seat;
    struct session session;
    struct account account;
    struct arena arena;
    int64_t now_ms;
};

static enum errc begin(struct change *change, struct desk *desk, const struct seat *seat, struct err *err)
{
    *change = (struct change){.desk = desk, .seat = seat, .now_ms = env_now_ms(desk->parts.env)};
    arena_init(&change->arena, SESSION_ARENA_BYTES);
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    rc = sessions_get(desk->parts.store, seat->session.id, &change->arena, &change->session, err);
    if (rc >= 0)
        rc = accounts_get(desk->parts.store, seat->session.person, &change->arena, &change->account, err);
    bool turned = rc >= 0 && memcmp(change->session.hash, seat->session.hash, HASH_SIZE) != 0;
    return rc == ERR_NOT_FOUND || turned ? over(err) : rc;
}

static enum errc end(struct change *change, enum errc rc, struct err *err)
{
    if (rc >= 0)
        rc = sessions_save(change->desk->parts.store, &change->session, err);
    if (rc >= 0)
        rc = commit_batch(change->desk, err);
    else
        abandon_batch(change->desk);
    arena_done(&change->arena);
    return rc;
}

static enum errc turn(struct change *change, char out[SESSION_SECRET_SIZE], struct err *err)
{
    return session_secret(change->desk->parts.env, out, change->session.hash, err);
}

static enum errc tell(struct change *change, const char *kind, json_t *body, struct err *err)
{
    return people_tell(change->desk, kind, change->seat->session.person, change->seat->person,
                       change->seat->post.title, body, err);
}

enum errc session_touch(struct desk *desk, const struct seat *seat, struct err *err)
{
    struct change change;
    enum errc rc = begin(&change, desk, seat, err);
    if (rc >= 0)
        change.session.seen_ms = change.now_ms;
    return end(&change, rc, err);
}

enum errc session_lock(struct desk *desk, const struct seat *seat, struct err *err)
{
    struct change change;
    enum errc rc = begin(&change, desk, seat, err);
    if (rc >= 0) {
        change.session.locked_ms = change.now_ms;
        change.session.confirmed_ms = 0;
    }
    return end(&change, rc, err);
}

enum errc session_unlock(struct desk *desk, const struct seat *seat, char out[SESSION_SECRET_SIZE],
                         struct err *err)
{
    struct change change;
    enum errc rc = begin(&change, desk, seat, err);
    if (rc >= 0)
        rc = turn(&change, out, err);
    if (rc >= 0) {
        change.session.locked_ms = change.session.confirmed_ms = 0;
        change.session.seen_ms = change.now_ms;
        rc = people_clear(desk->parts.store, change.account.name, err);
    }
    return end(&change, rc, err);
}

enum errc session_take_post(struct desk *desk, const struct seat *seat, const char *post,
                            char out[SESSION_SECRET_SIZE], struct err *err)
{
    struct change change;
    const struct seat_post *found = NULL;
    for (size_t i = 0; i < seat->post_count; i++)
        if (streq(seat->posts[i].id, post))
            found = &seat->posts[i];
    if (!found)
        return err_field(err, ERR_INVALID, "post", "this is not one of the person's posts");
    enum errc rc = begin(&change, desk, seat, err);
    if (rc >= 0)
        rc = turn(&change, out, err);
    if (rc >= 0) {
        change.session.post = found->id;
        change.session.confirmed_ms = 0;
        change.session.seen_ms = change.now_ms;
        rc = people_tell(desk, "user.entered", seat->session.person, seat->person, found->title,
                         json_pack("{s:s,s:s,s:s,s:b}", "session", seat->session.id, "address",
                                   seat->session.address, "post", found->id, "factor", 0),
                         err);
    }
    return end(&change, rc, err);
}

/* The password that goes becomes the first of the former ones. */
static enum errc put_password(struct change *change, const char *password, struct err *err)
{
    struct account *account = &change->account;
    size_t count = account->former_count + 1;
    const char **former = arena_array(&change->arena, count, sizeof *former);
    if (!former)
        return err_set(err, ERR_NOMEM, "no memory for former passwords");
    former[0] = account->password;
    for (size_t i = 1; i < count; i++)
        former[i] = account->former[i - 1];
    account->former = former;
    account->former_count = count;
    account->password = password;
    account->password_ms = change->now_ms;
    return accounts_save(change->desk->parts.store, account, err);
}

enum errc session_rekey(struct desk *desk, const struct seat *seat, const char *password,
                        char out[SESSION_SECRET_SIZE], struct err *err)
{
    struct change change;
    enum errc rc = begin(&change, desk, seat, err);
    if (rc >= 0 && !streq(change.account.password, seat->account.password))
        rc = err_set(err, ERR_CONFLICT, "the password was changed meanwhile");
    if (rc >= 0)
        rc = turn(&change, out, err);
    if (rc >= 0)
        rc = put_password(&change, password, err);
    if (rc >= 0)
        rc = sessions_drop_others(desk->parts.store, seat->session.person, seat->session.id, err);
    if (rc >= 0)
        rc = people_clear(desk->parts.store, change.account.name, err);
    if (rc >= 0) {
        change.session.seen_ms = change.now_ms;
        rc = tell(&change, "user.rekeyed", json_pack("{s:s}", "how", "change"), err);
    }
    return end(&change, rc, err);
}

/* ---- the second factor ----------------------------------------------------------------------------- */

static enum errc wrong_code(struct err *err)
{
    return err_field(err, ERR_SECOND_FACTOR, "code", "the code is wrong, too old, or was used already");
}

static enum errc no_totp(struct err *err)
{
    return err_field(err, ERR_SECOND_FACTOR, "totp", "no authenticator is enrolled for this account yet");
}

enum errc session_confirm(struct desk *desk, const struct seat *seat, const char *code, struct err *err)
{
    struct change change;
    int64_t step = 0;
    enum errc rc = begin(&change, desk, seat, err);
    struct account *account = &change.account;
    if (rc >= 0 && !account->has_totp)
        rc = no_totp(err);
    if (rc >= 0)
        rc = otp_find(account->totp, code, change.now_ms, account->totp_step, &step, err);
    if (rc >= 0 && step == 0)
        rc = wrong_code(err);
    if (rc >= 0) {
        account->totp_step = step;
        change.session.confirmed_ms = change.session.seen_ms = change.now_ms;
        rc = accounts_save(desk->parts.store, account, err);
    }
    if (rc >= 0)
        rc = people_clear(desk->parts.store, account->name, err);
    return end(&change, rc, err);
}

/* Another authenticator in the place of one in force needs the one in force: else a screen left open for a
 * minute would be enough. */
enum errc session_seed(struct desk *desk, const struct access_policy *policy, const struct seat *seat,
                       uint8_t out[OTP_SECRET_BYTES], struct err *err)
{
    struct change change;
    enum errc rc = begin(&change, desk, seat, err);
    bool fresh = rc >= 0 && change.session.confirmed_ms != 0 &&
                 change.now_ms - change.session.confirmed_ms < policy->confirm_ms;
    if (rc >= 0 && change.account.has_totp && !fresh)
        rc = err_field(err, ERR_SECOND_FACTOR, "code", "confirm with the authenticator in force first");
    if (rc >= 0)
        rc = env_random(desk->parts.env, change.account.totp_next, OTP_SECRET_BYTES, err);
    if (rc >= 0) {
        change.account.has_totp_next = true;
        rc = accounts_save(desk->parts.store, &change.account, err);
    }
    if (rc >= 0)
        memcpy(out, change.account.totp_next, OTP_SECRET_BYTES);
    return end(&change, rc, err);
}

enum errc session_enrol(struct desk *desk, const struct seat *seat, const char *code, struct err *err)
{
    struct change change;
    int64_t step = 0;
    enum errc rc = begin(&change, desk, seat, err);
    struct account *account = &change.account;
    if (rc >= 0 && !account->has_totp_next)
        rc = no_totp(err);
    if (rc >= 0)
        rc = otp_find(account->totp_next, code, change.now_ms, 0, &step, err);
    if (rc >= 0 && step == 0)
        rc = wrong_code(err);
    if (rc >= 0) {
        memcpy(account->totp, account->totp_next, OTP_SECRET_BYTES);
        account->has_totp = true;
        account->has_totp_next = false;
        account->totp_step = step;
        change.session.confirmed_ms = change.session.seen_ms = change.now_ms;
        rc = accounts_save(desk->parts.store, account, err);
    }
    if (rc >= 0)
        rc = people_clear(desk->parts.store, account->name, err);
    if (rc >= 0)
        rc = tell(&change, "user.totp_set", json_object(), err);
    return end(&change, rc, err);
}

/* ---- the end --------------------------------------------------------------------------------------- */

static enum errc leave(struct desk *desk, const char *id, const char *how, struct arena *arena,
                       struct err *err)
{
    struct session session;
    struct subject user;
    enum errc rc = sessions_get(desk->parts.store, id, arena, &session, err);
    if (rc == ERR_NOT_FOUND)
        return err_field(err, rc, "id", "there is no such session");
    if (rc >= 0)
        rc = sessions_drop(desk->parts.store, id, err);
    if (rc >= 0)
        rc = subjects_load(desk->parts.store, session.person, arena, &user, err);
    return rc < 0 ? rc
                  : people_tell(desk, "user.left", session.person, user.title, NULL,
                                json_pack("{s:s,s:s}", "session", id, "how", how), err);
}

enum errc session_leave(struct desk *desk, const char *id, const char *how, struct err *err)
{
    struct arena arena;
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    arena_init(&arena, SESSION_ARENA_BYTES);
    rc = leave(desk, id, how, &arena, err);
    if (rc >= 0)
        rc = commit_batch(desk, err);
    else
        abandon_batch(desk);
    arena_done(&arena);
    return rc;
}
