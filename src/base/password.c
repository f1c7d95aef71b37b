#include "base/password.h"

#include <argon2.h>
#include <string.h>

enum { SALT_BYTES = 16, TAG_BYTES = 32, LANES = 1 };

/* The second choice of RFC 9106 with one lane, for a server whose threads are taken already. */
const struct password_cost PASSWORD_COST = {.memory_kib = 64 * 1024, .passes = 3};

static enum errc failed(int code, struct err *err)
{
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR)
        return err_set(err, ERR_NOMEM, "no memory to hash a password");
    if (code == ARGON2_DECODING_FAIL || code == ARGON2_DECODING_LENGTH_FAIL)
        return err_set(err, ERR_DAMAGED, "a stored password cannot be read");
    return err_set(err, ERR_CRYPTO, "argon2id failed: %s", argon2_error_message(code));
}

enum errc password_hash(const char *password, const struct password_cost *cost, const struct env *env,
                        char out[PASSWORD_TEXT_SIZE], struct err *err)
{
    uint8_t salt[SALT_BYTES];
    enum errc rc = env_random(env, salt, sizeof salt, err);
    if (rc < 0)
        return rc;
    int code = argon2id_hash_encoded(cost->passes, cost->memory_kib, LANES, password, strlen(password), salt,
                                     sizeof salt, TAG_BYTES, out, PASSWORD_TEXT_SIZE);
    return code == ARGON2_OK ? ERR_OK : failed(code, err);
}

enum errc password_check(const char *hash, const char *password, bool *out_same, struct err *err)
{
    int code = argon2id_verify(hash, password, strlen(password));
    if (code != ARGON2_OK && code != ARGON2_VERIFY_MISMATCH)
        return failed(code, err);
    *out_same = code == ARGON2_OK;
    return ERR_OK;
}
