/* base/openssl.h — the one way to include OpenSSL's headers.
 *
 * OpenSSL 3 has a type called ERR_STATE, which is also our code for "wrong state": theirs is renamed.
 *
 * Layer    base. Included by .c files only; headers of ours name OpenSSL types by their struct tags.
 */
#ifndef BASE_OPENSSL_H
#define BASE_OPENSSL_H

#define ERR_STATE openssl_err_state

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#undef ERR_STATE

#endif
