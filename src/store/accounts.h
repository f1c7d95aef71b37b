/* store/accounts.h — secrets of people (password hashes, seeds, one-time codes) and logins that failed.
 *
 * Layer    store.   Owns nothing: texts live in the caller's arena.   Threads as the store.
 * Errors   ERR_NOT_FOUND; ERR_CONFLICT the login name is taken.
 * Tests    tests/unit/store/test_accounts.c, tests/contract
 */
#ifndef STORE_ACCOUNTS_H
#define STORE_ACCOUNTS_H

#include "base/otp.h"
#include "store/store.h"

enum { ACCOUNT_FORMER_MAX = 24 };

struct account {
    const char *person;   /* id of the matter of type user */
    const char *name;     /* for logging in */
    const char *password; /* "" = none yet */
    int64_t password_ms;
    const char **former; /* passwords before it, newest first */
    size_t former_count;
    bool has_totp;
    uint8_t totp[OTP_SECRET_BYTES];
    bool has_totp_next; /* waits for its first code */
    uint8_t totp_next[OTP_SECRET_BYTES];
    int64_t totp_step;  /* the last one whose code was used */
    int64_t entered_ms; /* last login; 0 = none */
    const char *entered_from;
};

/* An account without secrets; one that is there stays as it is. */
MUST_USE enum errc accounts_add(struct store *store, const char *person, const char *name, struct err *err);
MUST_USE enum errc accounts_get(struct store *store, const char *person, struct arena *arena,
                                struct account *out, struct err *err);
MUST_USE enum errc accounts_by_name(struct store *store, const char *name, struct arena *arena,
                                    struct account *out, struct err *err);
/* Everything but person and name. */
MUST_USE enum errc accounts_save(struct store *store, const struct account *account, struct err *err);
/* How many have a password. */
MUST_USE enum errc accounts_count(struct store *store, int64_t *out, struct err *err);

/* One-time codes, kept as hashes. person "" = the code of the first run. */
struct access_code {
    uint8_t hash[HASH_SIZE];
    const char *person;
    int64_t created_ms;
    int64_t expires_ms;
};

/* The person's earlier code is no longer good. */
MUST_USE enum errc access_codes_put(struct store *store, const struct access_code *code, struct err *err);
MUST_USE enum errc access_codes_find(struct store *store, const uint8_t hash[HASH_SIZE], struct arena *arena,
                                     struct access_code *out, struct err *err);
MUST_USE enum errc access_codes_drop(struct store *store, const char *person, struct err *err);

/* Failures of one name or one address. */
struct attempts {
    int64_t failures; /* counted since first_ms */
    int64_t refused;  /* more of them while it was locked */
    int64_t first_ms;
    int64_t last_ms;
    int64_t until_ms; /* locked until then; 0 = not */
};

/* All zero when there were none. */
MUST_USE enum errc attempts_get(struct store *store, const char *what, struct attempts *out, struct err *err);
MUST_USE enum errc attempts_save(struct store *store, const char *what, const struct attempts *attempts,
                                 struct err *err);
MUST_USE enum errc attempts_drop(struct store *store, const char *what, struct err *err);
MUST_USE enum errc attempts_purge(struct store *store, int64_t before_ms, struct err *err);

#endif
