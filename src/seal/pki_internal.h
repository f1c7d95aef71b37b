/* seal/pki_internal.h — OpenSSL's certificates between pki.c, pki_issue.c and tls.c. */
#ifndef SEAL_PKI_INTERNAL_H
#define SEAL_PKI_INTERNAL_H

#include "seal/pki.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* The error with OpenSSL's own reason, its queue emptied. */
enum errc pki_error(struct err *err, enum errc code, const char *what);

/* SM2 signatures are made under the standard id, and whoever verifies must say so. True when that was
 * possible, or when the certificate is not signed with SM2. */
bool pki_set_sm2_id(X509 *cert);

/* NULL when the text is no certificate. *rest, when given, moves behind it. */
X509 *pki_read_cert(const char *pem, const char **rest);

/* The common name when it is a valid node id. */
bool pki_common_name(const X509_NAME *name, char out[PKI_NAME_MAX + 1]);

/* What pki_describe tells, of OpenSSL's own certificate. */
enum errc pki_describe_cert(X509 *cert, struct pki_identity *out, struct err *err);

/* Copies out what OpenSSL's writer, whose answer is `written`, put into bio. */
enum errc pki_take_pem(BIO *bio, bool written, char out[PKI_PEM_SIZE], struct err *err);

#endif
