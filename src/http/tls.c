#include "http/tls.h"

#include "base/str.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>
#include <unistd.h>

/* The identifier of GM/T 0009; OpenSSL 3.0 would take an empty one, which no SM2 authority uses. */
static const char SM2_ID[] = "1234567812345678";
static const unsigned char ALPN_HTTP_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

static enum errc crypto_error(struct err *err, const char *field, const char *what, const char *file)
{
    unsigned long code = ERR_get_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    ERR_clear_error();
    return err_field(err, ERR_CRYPTO, field, "%s %s: %s", file, what, reason ? reason : "unknown reason");
}

static enum errc check_readable(const char *file, const char *field, struct err *err)
{
    if (file && access(file, R_OK) == 0)
        return ERR_OK;
    return err_field(err, ERR_IO, field, "'%s' cannot be read", file ? file : "");
}

static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_size,
                       const unsigned char *offered, unsigned offered_size, void *context)
{
    (void)ssl;
    (void)context;
    unsigned char *chosen = NULL;
    int how = SSL_select_next_proto(&chosen, out_size, ALPN_HTTP_1_1, sizeof ALPN_HTTP_1_1, offered,
                                    offered_size);
    *out = chosen;
    return how == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* A signature by SM2 covers the signer's identifier too; OpenSSL looks for it on the certificate that is
 * checked. */
static void set_sm2_id(X509 *certificate)
{
    if (!certificate || X509_get_signature_nid(certificate) != NID_SM2_with_SM3 ||
        X509_get0_distinguishing_id(certificate))
        return;
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    if (id && ASN1_OCTET_STRING_set(id, (const unsigned char *)SM2_ID, sizeof SM2_ID - 1))
        X509_set0_distinguishing_id(certificate, id); /* takes it over */
    else
        ASN1_OCTET_STRING_free(id); /* the chain will then be refused */
}

/* In place of OpenSSL's own call: the identifiers must be there before signatures are checked. */
static int verify_chain(X509_STORE_CTX *context, void *unused)
{
    (void)unused;
    STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context); /* the leaf too */
    for (int i = 0; i < sk_X509_num(sent); i++)
        set_sm2_id(sk_X509_value(sent, i));
    return X509_verify_cert(context);
}

/* Once, before any thread verifies: those of our own authorities that others have issued. */
static void set_sm2_ids(X509_STORE *store)
{
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++)
        set_sm2_id(X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i)));
}

static enum errc load_key(SSL_CTX *ctx, const struct tls_config *config, struct err *err)
{
    enum errc rc = check_readable(config->certificate_file, "certificate", err);
    if (rc == ERR_OK)
        rc = check_readable(config->key_file, "key", err);
    if (rc < 0)
        return rc;
    if (SSL_CTX_use_certificate_chain_file(ctx, config->certificate_file) != 1)
        return crypto_error(err, "certificate", "holds no certificate that TLS can use",
                            config->certificate_file);
    if (SSL_CTX_use_PrivateKey_file(ctx, config->key_file, SSL_FILETYPE_PEM) != 1)
        return crypto_error(err, "key", "is not the key of the certificate", config->key_file);
    return ERR_OK;
}

static enum errc load_authorities(SSL_CTX *ctx, const struct tls_config *config, struct err *err)
{
    if (config->client == TLS_CLIENT_NONE)
        return ERR_OK;
    enum errc rc = check_readable(config->authorities_file, "authorities", err);
    if (rc < 0)
        return rc;
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(config->authorities_file);
    if (!names || SSL_CTX_load_verify_file(ctx, config->authorities_file) != 1)
        return crypto_error(err, "authorities", "holds no certificates", config->authorities_file);
    set_sm2_ids(SSL_CTX_get_cert_store(ctx));
    SSL_CTX_set_client_CA_list(ctx, names);
    SSL_CTX_set_cert_verify_callback(ctx, verify_chain, NULL);
    int mode = SSL_VERIFY_PEER;
    if (config->client == TLS_CLIENT_REQUIRED)
        mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(ctx, mode, NULL);
    return ERR_OK;
}

enum errc tls_new(const struct tls_config *config, struct ssl_ctx_st **out, struct err *err)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    if (!ctx)
        return crypto_error(err, "", "could not be started", "TLS");
    (void)SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
    (void)SSL_CTX_set_num_tickets(ctx, 0);
    (void)SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(ctx, choose_alpn, NULL);
    enum errc rc = load_key(ctx, config, err);
    if (rc == ERR_OK)
        rc = load_authorities(ctx, config, err);
    if (rc < 0) {
        SSL_CTX_free(ctx);
        return rc;
    }
    *out = ctx;
    return ERR_OK;
}

void tls_free(struct ssl_ctx_st *tls)
{
    SSL_CTX_free(tls);
}

static bool write_name(const X509_NAME *name, char out[HTTP_SUBJECT_SIZE])
{
    BIO *text = BIO_new(BIO_s_mem());
    if (!text)
        return false;
    bool ok = X509_NAME_print_ex(text, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) > 0;
    int n = ok ? BIO_read(text, out, HTTP_SUBJECT_SIZE - 1) : 0;
    BIO_free(text);
    out[n > 0 ? n : 0] = '\0';
    return n > 0;
}

bool tls_peer(struct ssl_st *ssl, struct http_certificate *out)
{
    X509 *certificate = SSL_get1_peer_certificate(ssl);
    if (!certificate)
        return false;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool ok = SSL_get_verify_result(ssl) == X509_V_OK &&
              write_name(X509_get_subject_name(certificate), out->subject) &&
              write_name(X509_get_issuer_name(certificate), out->issuer) &&
              X509_digest(certificate, EVP_sha256(), digest, &size) == 1;
    if (ok)
        hex_encode(digest, size, out->fingerprint);
    X509_free(certificate);
    return ok;
}
