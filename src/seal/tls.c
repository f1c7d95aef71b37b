#include "seal/tls.h"

#include "base/str.h"
#include "seal/pki_internal.h"

static bool has_fingerprint(X509 *cert, const char *wanted)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    char text[HASH_TEXT_SIZE];
    if (X509_digest(cert, EVP_sha256(), digest, &size) != 1 || size != HASH_SIZE)
        return false;
    hex_encode(digest, size, text);
    return streq(text, wanted);
}

/* The CA of the chain that was announced by its fingerprint becomes the only thing that is trusted. */
static bool trust_pinned(X509_STORE_CTX *ctx, const char *pin, STACK_OF(X509) * trusted)
{
    const STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(ctx);
    for (int i = 0; i < sk_X509_num(sent); i++) {
        X509 *cert = sk_X509_value(sent, i);
        if (X509_check_ca(cert) == 1 && has_fingerprint(cert, pin) && sk_X509_push(trusted, cert) > 0) {
            X509_STORE_CTX_set0_trusted_stack(ctx, trusted);
            return true;
        }
    }
    return false;
}

/* Replaces the whole check of a chain, since SM2 signatures are good only under an id that must be set on
 * each certificate first. */
static int verify_chain(X509_STORE_CTX *ctx, void *context)
{
    const struct tls_setup *setup = context;
    const STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(ctx);
    int good = 0;
    for (int i = 0; i < sk_X509_num(sent); i++)
        if (!pki_set_sm2_id(sk_X509_value(sent, i)))
            return 0;
    STACK_OF(X509) *trusted = sk_X509_new_null();
    if (trusted && (!setup->pin || trust_pinned(ctx, setup->pin, trusted)))
        good = X509_verify_cert(ctx) == 1;
    else
        X509_STORE_CTX_set_error(ctx, X509_V_ERR_CERT_UNTRUSTED);
    sk_X509_free(trusted);
    return good;
}

static enum errc set_chain(SSL_CTX *ctx, const struct tls_setup *setup, struct err *err)
{
    const char *rest = setup->chain;
    bool first = true;
    while (*rest != '\0') {
        X509 *cert = pki_read_cert(rest, &rest);
        bool set = cert &&
                   (first ? SSL_CTX_use_certificate(ctx, cert) : SSL_CTX_add1_chain_cert(ctx, cert)) == 1;
        X509_free(cert);
        if (!set)
            return pki_error(err, ERR_SYNTAX, "the node's certificates cannot be used");
        first = false;
    }
    if (first || SSL_CTX_use_PrivateKey(ctx, sign_key_pkey(setup->key)) != 1 ||
        SSL_CTX_check_private_key(ctx) != 1)
        return pki_error(err, ERR_INVALID, "the key does not belong to the node's certificate");
    return ERR_OK;
}

static enum errc set_trust(SSL_CTX *ctx, const struct tls_setup *setup, struct err *err)
{
    X509_STORE *store = X509_STORE_new();
    X509 *root = setup->root ? pki_read_cert(setup->root, NULL) : NULL;
    bool set = store && (setup->pin || (root && X509_STORE_add_cert(store, root) == 1)) &&
               X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT) == 1;
    X509_free(root);
    if (!set) {
        X509_STORE_free(store);
        return pki_error(err, ERR_SYNTAX, "the trusted root cannot be used");
    }
    SSL_CTX_set_cert_store(ctx, store);
    /* OpenSSL takes the context back as it was given. */
    SSL_CTX_set_cert_verify_callback(ctx, verify_chain, (void *)(uintptr_t)setup);
    return ERR_OK;
}

enum errc tls_configure(struct ssl_ctx_st *ctx, const struct tls_setup *setup, struct err *err)
{
    if (!setup->root == !setup->pin)
        return err_set(err, ERR_INVALID, "either a root or a fingerprint must be trusted");
    if (SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set1_groups_list(ctx, "X25519:P-256") != 1)
        return pki_error(err, ERR_CRYPTO, "TLS 1.3 cannot be set up");
    /* No resumption: whom the connection proves is looked at afresh every time. */
    (void)SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_num_tickets(ctx, 0);
    (void)SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_security_level(ctx, 2);
    int mode = SSL_VERIFY_PEER;
    if (setup->side == TLS_SERVER && setup->peer == TLS_PEER_MUST)
        mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(ctx, mode, NULL);
    enum errc rc = set_trust(ctx, setup, err);
    if (rc == ERR_OK && setup->chain)
        rc = set_chain(ctx, setup, err);
    return rc;
}

enum errc tls_open(const struct tls_setup *setup, struct ssl_ctx_st **out, struct err *err)
{
    SSL_CTX *ctx = SSL_CTX_new(setup->side == TLS_SERVER ? TLS_server_method() : TLS_client_method());
    if (!ctx)
        return pki_error(err, ERR_NOMEM, "TLS cannot be set up");
    enum errc rc = tls_configure(ctx, setup, err);
    if (rc < 0)
        SSL_CTX_free(ctx);
    else
        *out = ctx;
    return rc;
}

void tls_close(struct ssl_ctx_st *ctx)
{
    SSL_CTX_free(ctx);
}

enum errc tls_peer_identity(const struct ssl_st *ssl, struct pki_identity *out, struct err *err)
{
    X509 *cert = SSL_get_verify_result(ssl) == X509_V_OK ? SSL_get0_peer_certificate(ssl) : NULL;
    if (!cert)
        return err_set(err, ERR_AUTH, "the other end has shown no valid certificate");
    return pki_describe_cert(cert, out, err);
}
