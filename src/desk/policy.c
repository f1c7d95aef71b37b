#include "desk/policy.h"

#include "base/str.h"

#include <string.h>

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };
#define DAY_MS INT64_C(86400000)

const struct access_policy ACCESS_POLICY = {
    .cost = {.memory_kib = 64 * 1024, .passes = 3},
    .password_chars_min = 10,
    .password_chars_max = 128,
    .password_classes_min = 3,
    .password_former = 5,
    .password_ms = 90 * DAY_MS,
    .failures_name_max = 5,
    .failures_address_max = 100,
    .failures_window_ms = 10 * MINUTE_MS,
    .lock_ms = 30 * MINUTE_MS,
    .idle_lock_ms = 10 * MINUTE_MS,
    .idle_end_ms = 30 * MINUTE_MS,
    .session_ms = 12 * HOUR_MS,
    .confirm_ms = 5 * MINUTE_MS,
    .setup_ms = 15 * MINUTE_MS,
    .code_ms = 24 * HOUR_MS,
    .unused_ms = 90 * DAY_MS,
};

/* What every list of leaked passwords begins with, and what lies near here. */
static const char *const WEAK[] = {
    "password", "passw0rd", "p@ssw0rd", "p@ssword", "admin",   "123456",   "654321",   "111111", "000000",
    "888888",   "666666",   "qwerty",   "asdfgh",   "zxcvbn",  "1qaz2wsx", "1q2w3e4r", "abc123", "abcdef",
    "iloveyou", "letmein",  "welcome",  "root",     "fengsui", "changeme", "woaini",   "miit",   "123qwe",
};
enum { REST_MIN = 8 }; /* characters that must remain without such a word */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters of both cases count as the same; needle is in lower case. */
static bool holds(const char *text, const char *needle)
{
    for (; *text; text++) {
        size_t n = 0;
        while (needle[n] && lower(text[n]) == lower(needle[n]))
            n++;
        if (!needle[n])
            return true;
    }
    return false;
}

static int classes(const char *password)
{
    unsigned seen = 0;
    for (const char *c = password; *c; c++) {
        if (*c >= 'a' && *c <= 'z')
            seen |= 1;
        else if (*c >= 'A' && *c <= 'Z')
            seen |= 2;
        else if (*c >= '0' && *c <= '9')
            seen |= 4;
        else
            seen |= 8;
    }
    return (int)((seen & 1) + (seen >> 1 & 1) + (seen >> 2 & 1) + (seen >> 3 & 1));
}

static enum errc refuse(struct err *err, const char *why)
{
    return err_field(err, ERR_INVALID, "password", "%s", why);
}

enum errc policy_check_text(const struct access_policy *policy, const char *name, const char *password,
                            struct err *err)
{
    size_t size = strlen(password);
    if (size > PASSWORD_BYTES_MAX || !utf8_valid(password, size))
        return refuse(err, "the password is too long, or no text");
    size_t chars = utf8_count(password, size);
    if (chars < policy->password_chars_min || chars > policy->password_chars_max)
        return err_field(err, ERR_INVALID, "password", "a password has %zu to %zu characters",
                         policy->password_chars_min, policy->password_chars_max);
    if (classes(password) < policy->password_classes_min)
        return err_field(err, ERR_INVALID, "password",
                         "a password has %d of: small letters, capital letters, digits, other characters",
                         policy->password_classes_min);
    if (name && *name && holds(password, name))
        return refuse(err, "the password must not hold the login name");
    for (size_t i = 0; i < sizeof WEAK / sizeof WEAK[0]; i++)
        if (holds(password, WEAK[i]) && chars < strlen(WEAK[i]) + REST_MIN)
            return refuse(err, "the password is built around a word that everybody tries first");
    return ERR_OK;
}

enum errc policy_check(const struct access_policy *policy, const struct account *account,
                       const char *password, struct err *err)
{
    bool same = false;
    enum errc rc = policy_check_text(policy, account->name, password, err);
    if (rc >= 0 && *account->password)
        rc = password_check(account->password, password, &same, err);
    for (size_t i = 0; rc >= 0 && !same && i < account->former_count && i + 1 < policy->password_former; i++)
        rc = password_check(account->former[i], password, &same, err);
    return rc >= 0 && same ? refuse(err, "this was one of the last passwords; take a new one") : rc;
}
