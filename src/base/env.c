#include "base/env.h"

#include "base/str.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

static int64_t real_now_ms(void *context)
{
    (void)context;
    struct timespec ts;
    (void)clock_gettime(CLOCK_REALTIME, &ts); /* cannot fail for this clock */
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static enum errc real_random(void *context, void *out, size_t size_bytes)
{
    (void)context;
    unsigned char *p = out;
    while (size_bytes > 0) {
        ssize_t n = getrandom(p, size_bytes, 0);
        if (n <= 0)
            return ERR_CRYPTO;
        p += n;
        size_bytes -= (size_t)n;
    }
    return ERR_OK;
}

const struct env ENV_REAL = {NULL, real_now_ms, real_random};

int64_t env_now_ms(const struct env *env)
{
    return env->now_ms(env->context);
}

enum errc env_random(const struct env *env, void *out, size_t size_bytes, struct err *err)
{
    if (env->random(env->context, out, size_bytes) < 0)
        return err_set(err, ERR_CRYPTO, "no random bytes could be had from the system");
    return ERR_OK;
}

enum errc env_uuid(const struct env *env, char *out, struct err *err)
{
    unsigned char raw[16];
    enum errc rc = env_random(env, raw, sizeof raw, err);
    if (rc < 0)
        return rc;
    uint64_t ms = (uint64_t)env_now_ms(env);
    for (size_t i = 0; i < 6; i++)
        raw[i] = (unsigned char)(ms >> (40 - 8 * i));
    raw[6] = (unsigned char)(0x70 | (raw[6] & 0x0F));
    raw[8] = (unsigned char)(0x80 | (raw[8] & 0x3F));
    static const size_t GROUPS[] = {4, 2, 2, 2, 6};
    size_t at = 0;
    for (size_t g = 0; g < sizeof GROUPS / sizeof GROUPS[0]; g++) {
        if (g > 0)
            *out++ = '-';
        hex_encode(raw + at, GROUPS[g], out);
        out += 2 * GROUPS[g];
        at += GROUPS[g];
    }
    return ERR_OK;
}

bool uuid_valid(const char *text)
{
    if (!text || strlen(text) != UUID_TEXT_SIZE - 1)
        return false;
    for (size_t i = 0; i < UUID_TEXT_SIZE - 1; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c = text[i];
        bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !digit)
            return false;
    }
    return true;
}
