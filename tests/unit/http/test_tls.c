#include "http/tls.h"
#include "lib/check.h"
#include "lib/http/serving.h"
#include "lib/run.h"
#include "lib/shared.h"

#include <string.h>

enum { OUT_SIZE = 65536, WORD_SIZE = 700, WORDS_MAX = 24 };

struct fixture {
    char folder[SHARED_PATH_SIZE];
    struct serving *serving;
    struct ssl_ctx_st *tls;
    char out[OUT_SIZE];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_true(shared_folder(f->folder));
    const char *const words[] = {"sh", "tests/lib/http/certificates.sh", f->folder, NULL};
    assert_int_equal(run_program(words, NULL, 0), 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    shared_remove(f->folder);
    free(f);
    return 0;
}

static const char *path(const struct fixture *f, const char *name, char out[WORD_SIZE])
{
    (void)snprintf(out, WORD_SIZE, "%s/%s", f->folder, name);
    return out;
}

static void start(struct fixture *f, enum tls_client client)
{
    char certificate[WORD_SIZE];
    char key[WORD_SIZE];
    char authorities[WORD_SIZE];
    struct err err;
    const struct tls_config config = {path(f, "server.pem", certificate), path(f, "server.key", key), client,
                                      path(f, "authorities.pem", authorities)};
    assert_ok(tls_new(&config, &f->tls, &err), &err);
    f->serving = serving_start(NULL, f->tls);
}

static void stop(struct fixture *f)
{
    serving_stop(f->serving);
    tls_free(f->tls);
}

/* curl, trusting our authority; certificate NULL: without one. Its exit status. */
static int curl(struct fixture *f, const char *page, const char *certificate, const char *more)
{
    char url[WORD_SIZE];
    char authority[WORD_SIZE];
    char pem[WORD_SIZE];
    char key[WORD_SIZE];
    const char *words[WORDS_MAX] = {"curl", "-s",       "-S",        "-i",       "-m",
                                    "20",   "--stderr", "/dev/null", "--cacert", NULL};
    size_t n = 9;
    words[n++] = path(f, "ca.pem", authority);
    if (certificate) {
        (void)snprintf(pem, sizeof pem, "%s/%s.pem", f->folder, certificate);
        (void)snprintf(key, sizeof key, "%s/%s.key", f->folder, certificate);
        words[n++] = "--cert";
        words[n++] = pem;
        words[n++] = "--key";
        words[n++] = key;
    }
    if (more)
        words[n++] = more;
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u%s", serving_port(f->serving), page);
    words[n++] = url;
    return run_program(words, f->out, sizeof f->out);
}

static bool says(const struct fixture *f, const char *part)
{
    return strstr(f->out, part) != NULL;
}

static void curl_is_served_over_tls_1_3(void **state)
{
    struct fixture *f = *state;
    start(f, TLS_CLIENT_NONE);
    assert_int_equal(curl(f, "/hello", NULL, NULL), 0);
    assert_true(says(f, "HTTP/1.1 200 OK") && says(f, "hello\n"));
    assert_true(says(f, "Strict-Transport-Security: max-age=31536000"));
    assert_int_equal(curl(f, "/peer", NULL, NULL), 0);
    assert_true(says(f, "127.0.0.1 tls=1 listener=0 - -\n"));
    assert_int_equal(curl(f, "/hello", NULL, "--http2"), 0); /* both are offered: ours is chosen */
    assert_true(says(f, "HTTP/1.1 200"));
    assert_int_equal(curl(f, "/hello", NULL, "--tls-max=1.2"), 2);
    stop(f);
}

static void older_tls_is_refused(void **state)
{
    struct fixture *f = *state;
    char address[WORD_SIZE];
    start(f, TLS_CLIENT_NONE);
    (void)snprintf(address, sizeof address, "127.0.0.1:%u", serving_port(f->serving));
    const char *const old[] = {"timeout", "20",       "openssl", "s_client", "-tls1_2",
                               "-brief",  "-connect", address,   NULL};
    assert_int_equal(run_program(old, NULL, 0), 1);
    serving_await(f->serving, HTTP_COUNT_HANDSHAKES_FAILED_TOTAL, 1);
    stop(f);
}

static void plain_http_on_a_tls_port_is_refused(void **state)
{
    struct fixture *f = *state;
    struct buf text;
    buf_init(&text, 10000);
    start(f, TLS_CLIENT_NONE);
    int fd = client_connect(serving_port(f->serving));
    client_says(fd, "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    client_rest(fd, &text);
    assert_false(text.size_bytes > 0 && strstr(text.data, "hello"));
    serving_await(f->serving, HTTP_COUNT_CONNECTIONS, 0);
    stop(f);
    buf_done(&text);
}

static void a_required_certificate_is_required_and_told(void **state)
{
    struct fixture *f = *state;
    start(f, TLS_CLIENT_REQUIRED);
    assert_int_equal(curl(f, "/peer", "client", NULL), 0);
    assert_true(says(f, "tls=1 listener=0 CN=demo-telecom-zj,O=演示数据,C=CN "));
    char pem[WORD_SIZE];
    char want[OUT_SIZE];
    const char *const print[] = {"openssl", "x509",         "-in",     path(f, "client.pem", pem),
                                 "-noout",  "-fingerprint", "-sha256", NULL};
    assert_int_equal(run_program(print, want, sizeof want), 0);
    const char *digits = strchr(want, '=') + 1;
    const char *given = strstr(f->out, "C=CN ") + 5;
    for (; *digits && *digits != '\n'; digits++) /* AA:BB:… against aabb… */
        if (*digits != ':')
            assert_int_equal(*given++, *digits >= 'A' ? *digits + 32 : *digits);
    assert_int_equal(*given, '\n');
    assert_int_not_equal(curl(f, "/peer", NULL, NULL), 0);
    assert_int_not_equal(curl(f, "/peer", "stranger", NULL), 0);
    stop(f);
}

static void an_optional_certificate_is_optional_but_never_a_stranger_s(void **state)
{
    struct fixture *f = *state;
    start(f, TLS_CLIENT_OPTIONAL);
    assert_int_equal(curl(f, "/peer", NULL, NULL), 0);
    assert_true(says(f, "listener=0 - -\n"));
    assert_int_equal(curl(f, "/peer", "client", NULL), 0);
    assert_true(says(f, "CN=demo-telecom-zj"));
    assert_int_not_equal(curl(f, "/peer", "stranger", NULL), 0);
    stop(f);
}

static void an_authority_may_sign_with_sm2(void **state)
{
    struct fixture *f = *state;
    start(f, TLS_CLIENT_REQUIRED);
    assert_int_equal(curl(f, "/peer", "sm2", NULL), 0);
    assert_true(says(f, "CN=sm2-client "));
    stop(f);
}

static void wrong_files_are_named(void **state)
{
    struct fixture *f = *state;
    char certificate[WORD_SIZE];
    char key[WORD_SIZE];
    char none[WORD_SIZE];
    struct ssl_ctx_st *tls = NULL;
    struct err err;
    struct tls_config config = {path(f, "server.pem", certificate), path(f, "client.key", key),
                                TLS_CLIENT_NONE, NULL};
    assert_code(tls_new(&config, &tls, &err), ERR_CRYPTO);
    assert_string_equal(err.field, "key");
    config.key_file = path(f, "server.key", key);
    config.certificate_file = key;
    assert_code(tls_new(&config, &tls, &err), ERR_CRYPTO);
    assert_string_equal(err.field, "certificate");
    config.certificate_file = path(f, "none.pem", none);
    assert_code(tls_new(&config, &tls, &err), ERR_IO);
    config.certificate_file = certificate;
    config.client = TLS_CLIENT_OPTIONAL;
    assert_code(tls_new(&config, &tls, &err), ERR_IO);
    assert_string_equal(err.field, "authorities");
    config.authorities_file = key;
    assert_code(tls_new(&config, &tls, &err), ERR_CRYPTO);
    assert_null(tls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curl_is_served_over_tls_1_3),
        cmocka_unit_test(older_tls_is_refused),
        cmocka_unit_test(plain_http_on_a_tls_port_is_refused),
        cmocka_unit_test(a_required_certificate_is_required_and_told),
        cmocka_unit_test(an_optional_certificate_is_optional_but_never_a_stranger_s),
        cmocka_unit_test(an_authority_may_sign_with_sm2),
        cmocka_unit_test(wrong_files_are_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
