/* Tries that are counted: of passwords, of codes. See desk/login.h. */
#include "http/api_internal.h"

#include "desk/people.h"

#include <stdio.h>

enum { WAIT_TEXT_SIZE = 24 };

static enum errc count(void *context, struct desk *desk, struct err *err)
{
    struct api_try *try = context;
    return login_count(desk, try->call->api->policy, &try->login, &try->last, &try->wait_ms, err);
}

static enum errc tally(void *context, struct desk *desk, struct err *err)
{
    const struct api_try *try = context;
    char key[HASH_TEXT_SIZE + 8];
    enum errc rc = people_attempts_key(try->login.name, key, err);
    return rc < 0 ? rc : login_tally(desk, key, 1, err);
}

static enum errc lock(void *context, struct desk *desk, struct err *err)
{
    const struct api_try *try = context;
    return login_lock(desk, &try->login, err);
}

static enum errc clear(void *context, struct desk *desk, struct err *err)
{
    const struct api_try *try = context;
    return login_clear(desk, &try->login, err);
}

enum errc api_try_count(struct api_try *try, struct api_reader *reader, struct err *err)
{
    struct api *api = try->call->api;
    try->login.address = try->call->exchange->peer->address;
    enum errc rc = login_gate(reader->query.store, &try->login, env_now_ms(api->parts.env), &try->wait_ms,
                              err);
    if (rc == ERR_TOO_MANY) {
        atomic_fetch_add(&api->logins_refused, 1);
        api_write_aside(try->call, tally, try); /* refused it is, written down or not */
        return rc;
    }
    return rc < 0 ? rc : api_write(try->call, count, try, err);
}

/* Hashing takes memory and a thread: half of the readers at most, the others go on answering. */
enum errc api_try_hashing(struct api_try *try, struct api_reader *reader, struct err *err)
{
    struct api *api = try->call->api;
    int max = (int)((api->parts.readers + 1) / 2);
    enum errc rc = ERR_OK;
    if (atomic_fetch_add(&api->logins, 1) >= max)
        rc = err_set(err, ERR_BUSY, "others are logging in now; try again in a moment");
    if (rc >= 0)
        rc = api_try_count(try, reader, err);
    if (rc < 0)
        api_try_hashed(try);
    return rc;
}

void api_try_hashed(struct api_try *try)
{
    atomic_fetch_sub(&try->call->api->logins, 1);
}

void api_try_failed(struct api_try *try)
{
    if (try->last)
        api_write_aside(try->call, lock, try); /* it is locked already; this only tells it */
}

void api_try_right(struct api_try *try)
{
    api_write_aside(try->call, clear, try); /* else the person waits a little longer */
}

void api_try_refuse(struct api_try *try, struct err *err)
{
    char wait[WAIT_TEXT_SIZE];
    if (err->code == ERR_TOO_MANY) {
        (void)snprintf(wait, sizeof wait, "%lld", (long long)(try->wait_ms + 999) / 1000);
        http_reply_field(try->call->exchange, "Retry-After", wait);
    }
    api_refuse_body(try->call, err);
}
