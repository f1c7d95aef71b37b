#include "seal/pki.h"

#include "base/str.h"
#include "seal/pki_internal.h"

#include <string.h>

enum { CHAIN_CERTS_MAX = 6 };

/* ---- shared with pki_issue.c and tls.c ---- */

enum errc pki_error(struct err *err, enum errc code, const char *what)
{
    char reason[120] = "";
    unsigned long last = ERR_peek_last_error();
    if (last)
        ERR_error_string_n(last, reason, sizeof reason);
    ERR_clear_error();
    return err_set(err, code, "%s%s%s", what, last ? ": " : "", reason);
}

bool pki_set_sm2_id(X509 *cert)
{
    if (X509_get_signature_nid(cert) != NID_SM2_with_SM3)
        return true; /* ECDSA knows no id, and would refuse one */
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    if (!id || ASN1_OCTET_STRING_set(id, (const unsigned char *)SIGN_SM2_ID, sizeof SIGN_SM2_ID - 1) != 1) {
        ASN1_OCTET_STRING_free(id);
        return false;
    }
    X509_set0_distinguishing_id(cert, id);
    return true;
}

/* Answers OpenSSL's question for a passphrase: nothing here is encrypted, and nobody is at a terminal. */
static int no_passphrase(char *out, int size, int writing, void *context)
{
    (void)out;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

X509 *pki_read_cert(const char *pem, const char **rest)
{
    size_t size = strnlen(pem, PKI_CHAIN_SIZE);
    if (size == 0 || size >= PKI_CHAIN_SIZE)
        return NULL;
    BIO *bio = BIO_new_mem_buf(pem, (int)size);
    X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, no_passphrase, NULL) : NULL;
    if (cert && rest)
        *rest = pem + (size - (size_t)BIO_pending(bio));
    BIO_free(bio);
    if (cert && !pki_set_sm2_id(cert)) {
        X509_free(cert);
        cert = NULL;
    }
    ERR_clear_error();
    return cert;
}

bool pki_common_name(const X509_NAME *name, char out[PKI_NAME_MAX + 1])
{
    int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, at) >= 0)
        return false;
    const ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    int size = ASN1_STRING_length(value);
    const unsigned char *bytes = ASN1_STRING_get0_data(value);
    if (size < 1 || size > PKI_NAME_MAX || memchr(bytes, '\0', (size_t)size))
        return false;
    char text[PKI_NAME_MAX + 1] = "";
    memcpy(text, bytes, (size_t)size);
    if (!proof_name_valid(text))
        return false;
    memcpy(out, text, sizeof text);
    return true;
}

enum errc pki_take_pem(BIO *bio, bool written, char out[PKI_PEM_SIZE], struct err *err)
{
    char *text = NULL;
    long size = bio ? BIO_get_mem_data(bio, &text) : 0;
    enum errc rc = ERR_OK;
    if (!written || size <= 0 || size >= PKI_PEM_SIZE) {
        rc = pki_error(err, ERR_CRYPTO, "the certificate could not be written");
    } else {
        memcpy(out, text, (size_t)size);
        out[size] = '\0';
    }
    return rc;
}

/* ---- describing ---- */

static bool time_ms(const ASN1_TIME *time, int64_t *out_ms)
{
    int days = 0;
    int seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    bool ok = epoch && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;
    ASN1_TIME_free(epoch);
    if (ok)
        *out_ms = ((int64_t)days * 86400 + seconds) * 1000;
    return ok;
}

enum errc pki_describe_cert(X509 *cert, struct pki_identity *out, struct err *err)
{
    struct pki_identity made = {.kind = X509_check_ca(cert) == 1 ? PKI_CA : PKI_LEAF};
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (!pki_common_name(X509_get_subject_name(cert), made.node) ||
        !pki_common_name(X509_get_issuer_name(cert), made.issuer))
        return err_set(err, ERR_INVALID, "the certificate does not name a node and its issuer");
    if (!time_ms(X509_get0_notBefore(cert), &made.validity.from_ms) ||
        !time_ms(X509_get0_notAfter(cert), &made.validity.to_ms))
        return pki_error(err, ERR_INVALID, "the certificate's times cannot be read");
    if (X509_digest(cert, EVP_sha256(), digest, &size) != 1 || size != HASH_SIZE)
        return pki_error(err, ERR_CRYPTO, "the fingerprint could not be computed");
    hex_encode(digest, size, made.fingerprint);
    *out = made;
    return ERR_OK;
}

static enum errc no_certificate(struct err *err)
{
    return err_set(err, ERR_SYNTAX, "a certificate in PEM is expected");
}

enum errc pki_describe(const char *pem, struct pki_identity *out, struct err *err)
{
    X509 *cert = pki_read_cert(pem, NULL);
    if (!cert)
        return no_certificate(err);
    enum errc rc = pki_describe_cert(cert, out, err);
    X509_free(cert);
    return rc;
}

enum errc pki_check_key(const char *pem, const struct sign_key *key, struct err *err)
{
    X509 *cert = pki_read_cert(pem, NULL);
    if (!cert)
        return no_certificate(err);
    bool match = X509_check_private_key(cert, sign_key_pkey(key)) == 1;
    X509_free(cert);
    ERR_clear_error();
    return match ? ERR_OK : err_set(err, ERR_INVALID, "the key does not belong to the certificate");
}

/* ---- verifying ---- */

static enum errc read_chain(const char *chain, STACK_OF(X509) * certs, struct err *err)
{
    const char *rest = chain;
    while (*rest != '\0') {
        X509 *cert = pki_read_cert(rest, &rest);
        if (!cert || sk_X509_num(certs) == CHAIN_CERTS_MAX || sk_X509_push(certs, cert) == 0) {
            X509_free(cert);
            return err_set(err, ERR_SYNTAX, "1 to %d certificates in PEM are expected", CHAIN_CERTS_MAX);
        }
    }
    return sk_X509_num(certs) > 0 ? ERR_OK : no_certificate(err);
}

static enum errc verify(X509_STORE *store, X509_STORE_CTX *ctx, STACK_OF(X509) * certs, int64_t at_ms,
                        struct err *err)
{
    X509 *leaf = sk_X509_value(certs, 0);
    if (X509_STORE_CTX_init(ctx, store, leaf, certs) != 1)
        return pki_error(err, ERR_CRYPTO, "the certificates could not be checked");
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_time(param, (time_t)(at_ms / 1000));
    X509_VERIFY_PARAM_set_auth_level(param, 2);
    /* The root may be a province's CA: whoever pinned it trusts it and no further. */
    (void)X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT);
    if (X509_verify_cert(ctx) != 1) {
        const char *why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
        ERR_clear_error();
        return err_set(err, ERR_FORGED, "the certificate does not hold under the trusted root: %s", why);
    }
    return ERR_OK;
}

enum errc pki_verify(const char *chain, const char *root_pem, int64_t at_ms, struct pki_identity *out,
                     struct err *err)
{
    enum errc rc;
    X509 *root = pki_read_cert(root_pem, NULL);
    STACK_OF(X509) *certs = sk_X509_new_null();
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    if (!root) {
        rc = no_certificate(err);
        goto out;
    }
    if (!certs || !store || !ctx || X509_STORE_add_cert(store, root) != 1) {
        rc = pki_error(err, ERR_NOMEM, "the certificates could not be checked");
        goto out;
    }
    rc = read_chain(chain, certs, err);
    if (rc == ERR_OK)
        rc = verify(store, ctx, certs, at_ms, err);
    if (rc == ERR_OK)
        rc = pki_describe_cert(sk_X509_value(certs, 0), out, err);
out:
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    sk_X509_pop_free(certs, X509_free);
    X509_free(root);
    return rc;
}
