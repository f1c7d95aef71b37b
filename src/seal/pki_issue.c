#include "base/str.h"
#include "seal/pki.h"
#include "seal/pki_internal.h"

#include <string.h>

enum { SERIAL_BYTES = 16, BACKDATE_MS = 5 * 60 * 1000 };

/* CAs are told from leaves by their unit, so that a node's CA and its own leaf never share a name. */
static bool set_name(X509_NAME *name, const char *node, enum pki_kind kind)
{
    const unsigned char *cn = (const unsigned char *)node;
    const unsigned char *unit = (const unsigned char *)"CA";
    if (kind == PKI_CA &&
        X509_NAME_add_entry_by_NID(name, NID_organizationalUnitName, MBSTRING_ASC, unit, -1, -1, 0) != 1)
        return false;
    return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, cn, -1, -1, 0) == 1;
}

static enum errc check_name(const char *node, struct err *err)
{
    if (!proof_name_valid(node))
        return err_set(err, ERR_INVALID, "\"%.80s\" is not the id of a node", node);
    return ERR_OK;
}

/* ---- requests ---- */

enum errc pki_request(const struct sign_key *key, const char *node, char out[PKI_PEM_SIZE], struct err *err)
{
    enum errc rc = check_name(node, err);
    if (rc < 0)
        return rc;
    X509_REQ *request = X509_REQ_new();
    EVP_MD_CTX *ctx = sign_context(key);
    bool made = request && ctx && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
                set_name(X509_REQ_get_subject_name(request), node, PKI_LEAF) &&
                X509_REQ_set_pubkey(request, sign_key_pkey(key)) == 1 && X509_REQ_sign_ctx(request, ctx) > 0;
    BIO *bio = made ? BIO_new(BIO_s_mem()) : NULL;
    rc = pki_take_pem(bio, bio && PEM_write_bio_X509_REQ(bio, request) == 1, out, err);
    BIO_free(bio);
    EVP_MD_CTX_free(ctx);
    X509_REQ_free(request);
    return rc;
}

static X509_REQ *read_request(const char *pem)
{
    size_t size = strnlen(pem, PKI_PEM_SIZE);
    if (size == 0 || size >= PKI_PEM_SIZE)
        return NULL;
    BIO *bio = BIO_new_mem_buf(pem, (int)size);
    X509_REQ *request = bio ? PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL) : NULL;
    if (request && BIO_pending(bio) > 0) {
        X509_REQ_free(request);
        request = NULL;
    }
    BIO_free(bio);
    ERR_clear_error();
    return request;
}

static bool set_request_id(X509_REQ *request)
{
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    if (!id || ASN1_OCTET_STRING_set(id, (const unsigned char *)SIGN_SM2_ID, sizeof SIGN_SM2_ID - 1) != 1) {
        ASN1_OCTET_STRING_free(id);
        return false;
    }
    X509_REQ_set0_distinguishing_id(request, id);
    return true;
}

static bool proves_possession(X509_REQ *request, const struct sign_key *key)
{
    bool ready = sign_key_suite(key) != SUITE_SM2_SM3 || set_request_id(request);
    bool good = ready && X509_REQ_verify(request, sign_key_pkey(key)) == 1;
    ERR_clear_error();
    return good;
}

static enum errc check_request_key(X509_REQ *request, enum pki_kind kind, struct err *err)
{
    char pem[SIGN_PEM_SIZE] = "";
    char *text = NULL;
    EVP_PKEY *pkey = X509_REQ_get0_pubkey(request);
    BIO *bio = pkey ? BIO_new(BIO_s_mem()) : NULL;
    long size = bio && PEM_write_bio_PUBKEY(bio, pkey) == 1 ? BIO_get_mem_data(bio, &text) : 0;
    if (size > 0 && size < SIGN_PEM_SIZE)
        memcpy(pem, text, (size_t)size);
    BIO_free(bio);
    ERR_clear_error();
    struct sign_key *key = NULL;
    enum errc rc = sign_key_read_public(pem, &key, err);
    if (rc < 0)
        return rc;
    if (kind == PKI_LEAF && sign_key_suite(key) != SUITE_P256_SHA256)
        rc = err_set(err, ERR_INVALID, "the key of a node's connections must be on P-256");
    else if (!proves_possession(request, key))
        rc = err_set(err, ERR_FORGED, "the request was not signed with the key it is for");
    sign_key_free(key);
    return rc;
}

static enum errc check_request(X509_REQ *request, const char *node, enum pki_kind kind, struct err *err)
{
    char name[PKI_NAME_MAX + 1];
    if (!request)
        return err_set(err, ERR_SYNTAX, "one certificate request in PEM is expected");
    X509_NAME *subject = X509_REQ_get_subject_name(request);
    if (X509_NAME_entry_count(subject) != 1 || !pki_common_name(subject, name) || !streq(name, node))
        return err_set(err, ERR_INVALID, "the request must be for the node %s and name nothing else", node);
    if (X509_REQ_get_attr_count(request) > 0)
        return err_set(err, ERR_INVALID, "the request must not ask for extensions: the issuer decides");
    return check_request_key(request, kind, err);
}

enum errc pki_request_check(const char *pem, const char *node, enum pki_kind kind, struct err *err)
{
    enum errc rc = check_name(node, err);
    if (rc < 0)
        return rc;
    X509_REQ *request = read_request(pem);
    rc = check_request(request, node, kind, err);
    X509_REQ_free(request);
    return rc;
}

/* ---- certificates ---- */

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool added = extension && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool add_extensions(X509 *cert, X509 *issuer, const char *node, enum pki_kind kind)
{
    char name[PKI_NAME_MAX + 8];
    if (!add_extension(cert, issuer, NID_subject_key_identifier, "hash") ||
        !add_extension(cert, issuer, NID_authority_key_identifier, "keyid:always"))
        return false;
    if (kind == PKI_CA)
        return add_extension(cert, issuer, NID_basic_constraints,
                             cert == issuer ? "critical,CA:TRUE" : "critical,CA:TRUE,pathlen:0") &&
               add_extension(cert, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    (void)snprintf(name, sizeof name, "DNS:%s", node);
    return add_extension(cert, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(cert, issuer, NID_key_usage, "critical,digitalSignature") &&
           add_extension(cert, issuer, NID_ext_key_usage, "serverAuth,clientAuth") &&
           add_extension(cert, issuer, NID_subject_alt_name, name);
}

static enum errc set_serial(X509 *cert, const struct env *env, struct err *err)
{
    uint8_t raw[SERIAL_BYTES];
    enum errc rc = env_random(env, raw, sizeof raw, err);
    if (rc < 0)
        return rc;
    raw[0] = (uint8_t)((raw[0] & 0x3F) | 0x40); /* positive, and never shorter */
    BIGNUM *number = BN_bin2bn(raw, sizeof raw, NULL);
    bool set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    return set ? ERR_OK : pki_error(err, ERR_NOMEM, "no serial number could be set");
}

struct parts {
    const char *node;
    enum pki_kind kind;
    EVP_PKEY *subject_key;
    X509 *issuer; /* NULL: it signs itself */
    struct pki_validity validity;
};

static enum errc make(const struct sign_key *ca_key, const struct parts *parts, const struct env *env,
                      char out[PKI_PEM_SIZE], struct err *err)
{
    X509 *cert = X509_new();
    EVP_MD_CTX *ctx = sign_context(ca_key);
    X509 *issuer = parts->issuer ? parts->issuer : cert;
    BIO *bio = BIO_new(BIO_s_mem());
    enum errc rc = cert && ctx && bio ? set_serial(cert, env, err)
                                      : pki_error(err, ERR_NOMEM, "no memory for a certificate");
    if (rc < 0)
        goto out;
    bool made = X509_set_version(cert, X509_VERSION_3) == 1 &&
                set_name(X509_get_subject_name(cert), parts->node, parts->kind) &&
                X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1 &&
                ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)(parts->validity.from_ms / 1000)) &&
                ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)(parts->validity.to_ms / 1000)) &&
                X509_set_pubkey(cert, parts->subject_key) == 1 &&
                add_extensions(cert, issuer, parts->node, parts->kind) && X509_sign_ctx(cert, ctx) > 0;
    rc = pki_take_pem(bio, made && PEM_write_bio_X509(bio, cert) == 1, out, err);
out:
    BIO_free(bio);
    EVP_MD_CTX_free(ctx);
    X509_free(cert);
    return rc;
}

static enum errc check_validity(const struct pki_validity *validity, enum pki_kind kind, struct err *err)
{
    int64_t days = kind == PKI_CA ? PKI_DAYS_CA : PKI_DAYS_LEAF;
    if (validity->from_ms < 0 || validity->to_ms <= validity->from_ms ||
        validity->to_ms - validity->from_ms > days * 86400000 + BACKDATE_MS)
        return err_set(err, ERR_INVALID, "such a certificate is valid for at most %lld days",
                       (long long)days);
    return ERR_OK;
}

enum errc pki_root(const struct sign_key *key, const char *node, const struct pki_validity *validity,
                   const struct env *env, char out[PKI_PEM_SIZE], struct err *err)
{
    enum errc rc = check_name(node, err);
    if (rc == ERR_OK)
        rc = check_validity(validity, PKI_CA, err);
    if (rc < 0)
        return rc;
    struct parts parts = {node, PKI_CA, sign_key_pkey(key), NULL, *validity};
    return make(key, &parts, env, out, err);
}

enum errc pki_issue(const struct sign_key *ca_key, const char *ca_pem, const struct pki_order *order,
                    const struct env *env, char out[PKI_PEM_SIZE], struct err *err)
{
    struct pki_identity issuer;
    X509 *ca = NULL;
    X509_REQ *request = NULL;
    enum errc rc = pki_describe(ca_pem, &issuer, err);
    if (rc == ERR_OK && issuer.kind != PKI_CA)
        rc = err_set(err, ERR_INVALID, "the certificate of %s may not issue others", issuer.node);
    if (rc == ERR_OK)
        rc = pki_check_key(ca_pem, ca_key, err);
    if (rc == ERR_OK)
        rc = check_name(order->node, err);
    if (rc == ERR_OK)
        rc = check_validity(&order->validity, order->kind, err);
    if (rc < 0)
        return rc;
    request = read_request(order->request);
    rc = check_request(request, order->node, order->kind, err);
    if (rc < 0)
        goto out;
    ca = pki_read_cert(ca_pem, NULL);
    struct parts parts = {order->node, order->kind, X509_REQ_get0_pubkey(request), ca, order->validity};
    if (parts.validity.to_ms > issuer.validity.to_ms)
        parts.validity.to_ms = issuer.validity.to_ms;
    if (!ca || parts.validity.to_ms <= parts.validity.from_ms)
        rc = err_set(err, ERR_INVALID, "the issuer's own certificate has run out");
    else
        rc = make(ca_key, &parts, env, out, err);
out:
    X509_free(ca);
    X509_REQ_free(request);
    return rc;
}
