/* desk/policy.h — the numbers of access: how dear a password is, how many tries, how long a session holds.
 *
 * GB/T 22239-2019 8.1.4 asks for complexity, periodic change, lock and idle logout and gives no numbers;
 * these are the field's common practice. A table, so that tests and one day a unit's own policy take another.
 *
 * Layer    desk.   Owns nothing.   Threads any; constants.
 * Errors   ERR_INVALID naming "password" and the rule it breaks.
 * Tests    tests/unit/desk/test_policy.c
 */
#ifndef DESK_POLICY_H
#define DESK_POLICY_H

#include "base/password.h"
#include "store/accounts.h"

struct access_policy {
    struct password_cost cost;
    size_t password_chars_min;
    size_t password_chars_max;
    int password_classes_min; /* of: lower case, upper case, digits, everything else */
    size_t password_former;   /* as many earlier ones do not come back */
    int64_t password_ms;      /* then it must be changed */
    int64_t failures_name_max;
    int64_t failures_address_max;
    int64_t failures_window_ms;
    int64_t lock_ms;
    int64_t idle_lock_ms; /* the screen locks */
    int64_t idle_end_ms;  /* the session ends */
    int64_t session_ms;   /* one shift at most */
    int64_t confirm_ms;   /* a second factor counts so long */
    int64_t setup_ms;     /* the code of the first run */
    int64_t code_ms;      /* a person's one-time code */
    int64_t unused_ms;    /* an account nobody entered so long is closed */
};

extern const struct access_policy ACCESS_POLICY;

/* By what the text itself shows: length, classes, the login name in it, words that everybody tries. */
MUST_USE enum errc policy_check_text(const struct access_policy *policy, const char *name,
                                     const char *password, struct err *err);
/* The same, and none of the account's last ones: costs as many checks. */
MUST_USE enum errc policy_check(const struct access_policy *policy, const struct account *account,
                                const char *password, struct err *err);

#endif
