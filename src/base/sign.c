#include "base/sign.h"

#include "base/str.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

enum { PASSPHRASE_MAX = 1000 };

struct sign_key {
    enum suite suite;
    bool is_private;
    EVP_PKEY *pkey;
};

static const struct suite_row {
    const char *type;
    const char *group;
    const char *digest;
    const char *id; /* NULL = the algorithm has none */
} SUITES[SUITE_COUNT] = {
    [SUITE_P256_SHA256] = {"EC", "prime256v1", "SHA256", NULL},
    [SUITE_SM2_SM3] = {"SM2", "SM2", "SM3", SIGN_SM2_ID},
};

/* OpenSSL's queue of errors is per thread; it must not leak into the next caller's story. */
static enum errc crypto_error(struct err *err, enum errc code, const char *what)
{
    char reason[120] = "";
    unsigned long last = ERR_peek_last_error();
    if (last)
        ERR_error_string_n(last, reason, sizeof reason);
    ERR_clear_error();
    return err_set(err, code, "%s%s%s", what, last ? ": " : "", reason);
}

static enum errc wrap(EVP_PKEY *pkey, enum suite suite, bool is_private, struct sign_key **out,
                      struct err *err)
{
    struct sign_key *key = calloc(1, sizeof *key);
    if (!key) {
        EVP_PKEY_free(pkey);
        return err_set(err, ERR_NOMEM, "no memory for a key");
    }
    *key = (struct sign_key){suite, is_private, pkey};
    *out = key;
    return ERR_OK;
}

enum errc sign_key_generate(enum suite suite, struct sign_key **out, struct err *err)
{
    /* Not EVP_EC_gen for SM2: its keys refuse the distinguishing id without saying so. */
    EVP_PKEY *pkey = suite == SUITE_SM2_SM3 ? EVP_PKEY_Q_keygen(NULL, NULL, "SM2")
                                            : EVP_PKEY_Q_keygen(NULL, NULL, "EC", SUITES[suite].group);
    if (!pkey)
        return crypto_error(err, ERR_CRYPTO, "a key could not be generated");
    return wrap(pkey, suite, true, out, err);
}

void sign_key_free(struct sign_key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    free(key);
}

enum errc sign_key_share(const struct sign_key *key, struct sign_key **out, struct err *err)
{
    if (EVP_PKEY_up_ref(key->pkey) != 1)
        return crypto_error(err, ERR_CRYPTO, "a key could not be shared");
    return wrap(key->pkey, key->suite, key->is_private, out, err);
}

enum suite sign_key_suite(const struct sign_key *key)
{
    return key->suite;
}

bool sign_key_is_private(const struct sign_key *key)
{
    return key->is_private;
}

/* Answers OpenSSL's question for a passphrase; without one it must not ask the terminal. */
static int passphrase_cb(char *out, int size, int writing, void *context)
{
    (void)writing;
    const char *passphrase = context;
    size_t n = passphrase ? strlen(passphrase) : 0;
    if (n == 0 || size < 0 || n > (size_t)size)
        return -1;
    memcpy(out, passphrase, n);
    return (int)n;
}

static int suite_of(EVP_PKEY *pkey)
{
    char group[64] = "";
    (void)EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL);
    for (int i = 0; i < SUITE_COUNT; i++)
        if (EVP_PKEY_is_a(pkey, SUITES[i].type) && streq(group, SUITES[i].group))
            return i;
    return -1;
}

static enum errc read_pem(const char *pem, char *passphrase, bool is_private, struct sign_key **out,
                          struct err *err)
{
    size_t size = strnlen(pem, SIGN_PEM_SIZE);
    if (size == 0 || size >= SIGN_PEM_SIZE)
        return err_set(err, ERR_SYNTAX, "a PEM key of 1 to %d bytes is expected", SIGN_PEM_SIZE - 1);
    BIO *bio = BIO_new_mem_buf(pem, (int)size);
    EVP_PKEY *pkey = NULL;
    if (bio && is_private)
        pkey = PEM_read_bio_PrivateKey(bio, NULL, passphrase_cb, passphrase);
    else if (bio)
        pkey = PEM_read_bio_PUBKEY(bio, NULL, passphrase_cb, NULL);
    BIO_free(bio);
    if (!pkey)
        return crypto_error(err, ERR_SYNTAX,
                            is_private ? "the private key cannot be read" : "the public key cannot be read");
    int suite = suite_of(pkey);
    EVP_PKEY_CTX *ctx = suite >= 0 ? EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL) : NULL;
    bool sound = ctx && (is_private ? EVP_PKEY_check(ctx) : EVP_PKEY_public_check(ctx)) == 1;
    EVP_PKEY_CTX_free(ctx);
    if (!sound) {
        EVP_PKEY_free(pkey);
        return crypto_error(err, ERR_SYNTAX, "a valid key on SM2 or P-256 is expected");
    }
    return wrap(pkey, (enum suite)suite, is_private, out, err);
}

enum errc sign_key_read_private(const char *pem, const char *passphrase, struct sign_key **out,
                                struct err *err)
{
    char copy[PASSPHRASE_MAX + 1] = "";
    if (passphrase && strlen(passphrase) > PASSPHRASE_MAX)
        return err_set(err, ERR_LIMIT, "a passphrase has at most %d bytes", PASSPHRASE_MAX);
    if (passphrase)
        memcpy(copy, passphrase, strlen(passphrase) + 1);
    enum errc rc = read_pem(pem, copy, true, out, err);
    explicit_bzero(copy, sizeof copy);
    return rc;
}

enum errc sign_key_read_public(const char *pem, struct sign_key **out, struct err *err)
{
    return read_pem(pem, NULL, false, out, err);
}

/* Copies what was written into bio to the caller's array, and wipes the rest. */
static enum errc take_pem(BIO *bio, bool written, char out[SIGN_PEM_SIZE], struct err *err)
{
    char *text = NULL;
    long size = bio ? BIO_get_mem_data(bio, &text) : 0;
    enum errc rc = ERR_OK;
    if (!written || size <= 0 || size >= SIGN_PEM_SIZE) {
        rc = crypto_error(err, ERR_CRYPTO, "the key could not be written");
    } else {
        memcpy(out, text, (size_t)size);
        out[size] = '\0';
    }
    if (size > 0)
        explicit_bzero(text, (size_t)size);
    BIO_free(bio);
    return rc;
}

enum errc sign_key_write_private(const struct sign_key *key, const char *passphrase, char out[SIGN_PEM_SIZE],
                                 struct err *err)
{
    size_t n = passphrase ? strlen(passphrase) : 0;
    if (!key->is_private)
        return err_set(err, ERR_INVALID, "this is a public key");
    if (n > PASSPHRASE_MAX || (passphrase && n == 0))
        return err_set(err, ERR_INVALID, "a passphrase has 1 to %d bytes", PASSPHRASE_MAX);
    BIO *bio = BIO_new(BIO_s_mem());
    bool written = bio && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, n ? EVP_aes_256_cbc() : NULL,
                                                        passphrase, (int)n, NULL, NULL) == 1;
    return take_pem(bio, written, out, err);
}

enum errc sign_key_write_public(const struct sign_key *key, char out[SIGN_PEM_SIZE], struct err *err)
{
    BIO *bio = BIO_new(BIO_s_mem());
    bool written = bio && PEM_write_bio_PUBKEY(bio, key->pkey) == 1;
    return take_pem(bio, written, out, err);
}

static bool set_id(enum suite suite, EVP_PKEY_CTX *ctx)
{
    const char *id = SUITES[suite].id;
    return !id || EVP_PKEY_CTX_set1_id(ctx, id, (int)strlen(id)) == 1;
}

struct evp_pkey_st *sign_key_pkey(const struct sign_key *key)
{
    return key->pkey;
}

struct evp_md_ctx_st *sign_context(const struct sign_key *key)
{
    EVP_PKEY_CTX *pctx = NULL; /* belongs to ctx */
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx && key->is_private &&
        EVP_DigestSignInit_ex(ctx, &pctx, SUITES[key->suite].digest, NULL, NULL, key->pkey, NULL) == 1 &&
        set_id(key->suite, pctx))
        return ctx;
    EVP_MD_CTX_free(ctx);
    return NULL;
}

enum errc sign_bytes(const struct sign_key *key, const void *bytes, size_t size_bytes, struct signature *out,
                     struct err *err)
{
    struct signature made = {.size_bytes = SIGN_SIZE_MAX};
    EVP_MD_CTX *ctx = sign_context(key);
    bool ok = ctx && EVP_DigestSign(ctx, made.bytes, &made.size_bytes, bytes, size_bytes) == 1;
    EVP_MD_CTX_free(ctx);
    if (!ok)
        return crypto_error(err, ERR_CRYPTO, "the signature could not be made");
    *out = made;
    return ERR_OK;
}

enum errc sign_verify(const struct sign_key *key, const void *bytes, size_t size_bytes,
                      const struct signature *signature, struct err *err)
{
    if (signature->size_bytes == 0 || signature->size_bytes > SIGN_SIZE_MAX)
        return err_set(err, ERR_FORGED, "a signature has 1 to %d bytes", SIGN_SIZE_MAX);
    EVP_PKEY_CTX *pctx = NULL; /* belongs to ctx */
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ready = ctx &&
                 EVP_DigestVerifyInit_ex(ctx, &pctx, SUITES[key->suite].digest, NULL, NULL, key->pkey,
                                         NULL) == 1 &&
                 set_id(key->suite, pctx);
    bool good = ready &&
                EVP_DigestVerify(ctx, signature->bytes, signature->size_bytes, bytes, size_bytes) == 1;
    EVP_MD_CTX_free(ctx);
    if (!ready)
        return crypto_error(err, ERR_CRYPTO, "the signature could not be checked");
    ERR_clear_error();
    if (!good)
        return err_set(err, ERR_FORGED, "the signature does not match");
    return ERR_OK;
}

/* GB/T 32918.5-2017, annex A.2: the example of a signature on the recommended curve. */
static const char GBT_32918_5_KEY[] = "-----BEGIN PUBLIC KEY-----\n"
                                      "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60Y\n"
                                      "M/wHa7CP81bzUCDM6kkM4md1pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==\n"
                                      "-----END PUBLIC KEY-----\n";
static const char GBT_32918_5_SIGNATURE[] =
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";

static enum errc check_standard_example(struct err *err)
{
    static const char MESSAGE[] = "message digest";
    struct signature signature = {.size_bytes = (sizeof GBT_32918_5_SIGNATURE - 1) / 2};
    struct sign_key *key = NULL;
    if (!hex_decode(GBT_32918_5_SIGNATURE, sizeof GBT_32918_5_SIGNATURE - 1, signature.bytes,
                    signature.size_bytes))
        return err_set(err, ERR_INTERNAL, "the example signature is damaged");
    enum errc rc = sign_key_read_public(GBT_32918_5_KEY, &key, err);
    if (rc == ERR_OK)
        rc = sign_verify(key, MESSAGE, sizeof MESSAGE - 1, &signature, err);
    sign_key_free(key);
    return rc;
}

static enum errc check_round_trip(enum suite suite, struct err *err)
{
    struct sign_key *key = NULL;
    struct signature signature = {0};
    enum errc rc = sign_key_generate(suite, &key, err);
    if (rc == ERR_OK)
        rc = sign_bytes(key, "self-test", 9, &signature, err);
    if (rc == ERR_OK)
        rc = sign_verify(key, "self-test", 9, &signature, err);
    if (rc == ERR_OK && sign_verify(key, "self-tesT", 9, &signature, NULL) != ERR_FORGED)
        rc = err_set(err, ERR_CRYPTO, "a wrong signature was accepted");
    sign_key_free(key);
    return rc;
}

enum errc sign_self_test(struct err *err)
{
    enum errc rc = check_standard_example(err);
    for (enum suite suite = 0; suite < SUITE_COUNT && rc == ERR_OK; suite++)
        rc = check_round_trip(suite, err);
    return rc;
}
