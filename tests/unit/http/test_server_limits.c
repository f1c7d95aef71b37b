#include "lib/check.h"
#include "lib/http/serving.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"

enum { SHORT_MS = 50 };

struct fixture {
    struct serving *serving;
    struct buf text;
    uint16_t port;
};

static void start(struct fixture *f, const struct http_limits *limits)
{
    f->serving = serving_start(limits, NULL);
    f->port = serving_port(f->serving);
    buf_init(&f->text, 16 << 20);
}

static void stop(struct fixture *f)
{
    serving_stop(f->serving);
    buf_done(&f->text);
}

static bool says(const struct fixture *f, const char *part)
{
    return strstr(f->text.data, part) != NULL;
}

/* A connection that has answered once, so that the server surely counts it. */
static int open_one(struct fixture *f)
{
    int fd = client_connect(f->port);
    client_says(fd, GET("/hello"));
    assert_int_equal(client_answer(fd, &f->text, false), 200);
    return fd;
}

static void over_the_limit_of_connections_is_503_then_silence(void **state)
{
    (void)state;
    struct fixture f;
    struct http_limits limits = HTTP_LIMITS_DEFAULT;
    int fds[3];
    limits.connections_max = 3;
    start(&f, &limits);
    for (int i = 0; i < 3; i++)
        fds[i] = open_one(&f);
    int over = client_connect(f.port);
    int beyond = client_connect(f.port);
    client_says(over, GET("/hello"));
    assert_int_equal(client_answer(over, &f.text, false), 503);
    assert_true(says(&f, "\r\nRetry-After: 2\r\n") && says(&f, "\r\nConnection: close\r\n"));
    assert_int_equal(client_answer(beyond, &f.text, false), 0);
    (void)close(over);
    (void)close(beyond);
    serving_await(f.serving, HTTP_COUNT_CONNECTIONS, 3);
    (void)close(fds[0]);
    serving_await(f.serving, HTTP_COUNT_CONNECTIONS, 2);
    fds[0] = open_one(&f);
    assert_int_equal(serving_counter(f.serving, HTTP_COUNT_CONNECTIONS_REFUSED_TOTAL), 1);
    for (int i = 0; i < 3; i++)
        (void)close(fds[i]);
    stop(&f);
}

static void one_address_cannot_take_all_connections(void **state)
{
    (void)state;
    struct fixture f;
    struct http_limits limits = HTTP_LIMITS_DEFAULT;
    limits.connections_per_address_max = 2;
    start(&f, &limits);
    int a = open_one(&f);
    int b = open_one(&f);
    int c = client_connect(f.port);
    assert_int_equal(client_answer(c, &f.text, false), 0);
    (void)close(a);
    serving_await(f.serving, HTTP_COUNT_CONNECTIONS, 1);
    int d = open_one(&f);
    (void)close(b);
    (void)close(c);
    (void)close(d);
    stop(&f);
}

static void over_the_limit_of_exchanges_is_503_and_the_connection_lives(void **state)
{
    (void)state;
    struct fixture f;
    struct http_limits limits = HTTP_LIMITS_DEFAULT;
    limits.exchanges_max = 1;
    start(&f, &limits);
    int held = client_connect(f.port);
    client_says(held, GET("/held"));
    serving_await(f.serving, HTTP_COUNT_EXCHANGES, 1);
    int fd = client_connect(f.port);
    client_says(fd, GET("/hello"));
    assert_int_equal(client_answer(fd, &f.text, false), 503);
    assert_true(says(&f, "\r\nRetry-After: 2\r\n") && says(&f, "\"type\":\"/problems/busy\""));
    assert_false(says(&f, "Connection: close"));
    assert_int_equal(serving_counter(f.serving, HTTP_COUNT_REQUESTS_OVERLOAD_TOTAL), 1);
    while (serving_held(f.serving) == 0)
        (void)usleep(1000);
    serving_release(f.serving);
    assert_int_equal(client_answer(held, &f.text, false), 200);
    client_says(fd, GET("/hello"));
    assert_int_equal(client_answer(fd, &f.text, false), 200);
    (void)close(held);
    (void)close(fd);
    stop(&f);
}

static void all_bodies_together_have_a_limit(void **state)
{
    (void)state;
    struct fixture f;
    struct http_limits limits = HTTP_LIMITS_DEFAULT;
    static const char BEGIN[] = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 700\r\n\r\n";
    char half[350];
    memset(half, 'x', sizeof half);
    limits.bodies_bytes_max = 1000;
    start(&f, &limits);
    int a = client_connect(f.port);
    int b = client_connect(f.port);
    client_says(a, BEGIN);
    client_send(a, half, sizeof half);
    client_says(b, BEGIN);
    client_send(b, half, sizeof half);
    serving_await(f.serving, HTTP_COUNT_BODY_BYTES, 700);
    client_send(a, half, sizeof half - 49);
    serving_await(f.serving, HTTP_COUNT_BODY_BYTES, 1001 - 651);
    assert_int_equal(client_answer(a, &f.text, false), 503);
    client_send(b, half, sizeof half);
    assert_int_equal(client_answer(b, &f.text, false), 200);
    serving_await(f.serving, HTTP_COUNT_BODY_BYTES, 0);
    (void)close(a);
    (void)close(b);
    stop(&f);
}

static void a_slow_head_and_a_slow_body_are_408(void **state)
{
    (void)state;
    static const char *const SLOW[] = {"GET /hello HTTP/1.1\r\nHost: h\r\nX: ",
                                       "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99999\r\n\r\nx"};
    struct fixture f;
    struct http_limits limits = HTTP_LIMITS_DEFAULT;
    limits.head_timeout_ms = limits.body_timeout_ms = SHORT_MS;
    start(&f, &limits);
    for (int i = 0; i < 2; i++) {
        int fd = client_connect(f.port);
        client_says(fd, SLOW[i]);
        for (int n = 0; n < 30; n++) { /* a drip of bytes does not buy time */
            client_says(fd, "x");
            (void)usleep(SHORT_MS * 1000 / 10);
        }
        assert_int_equal(client_answer(fd, &f.text, false), 408);
        assert_true(says(&f, "\r\nConnection: close\r\n"));
        (void)close(fd);
    }
    assert_int_equal(serving_counter(f.serving, HTTP_COUNT_TIMEOUTS_TOTAL), 2);
    stop(&f);
}

static void an_idle_connection_is_closed_without_a_word(void **state)
{
    (void)state;
    struct fixture f;
    struct http_limits limits = HTTP_LIMITS_DEFAULT;
    limits.idle_timeout_ms = SHORT_MS;
    start(&f, &limits);
    int silent = client_connect(f.port);
    int used = open_one(&f);
    client_rest(silent, &f.text);
    assert_int_equal(f.text.size_bytes, 0);
    client_rest(used, &f.text);
    assert_int_equal(f.text.size_bytes, 0);
    (void)close(silent);
    (void)close(used);
    stop(&f);
}

static void a_client_that_does_not_read_is_dropped(void **state)
{
    (void)state;
    struct fixture f;
    struct http_limits limits = HTTP_LIMITS_DEFAULT;
    limits.write_timeout_ms = SHORT_MS;
    limits.write_bytes_per_s = INT64_C(1) << 40;
    start(&f, &limits);
    int fd = client_connect(f.port);
    client_says(fd, GET("/large"));
    serving_await(f.serving, HTTP_COUNT_TIMEOUTS_TOTAL, 1);
    serving_await(f.serving, HTTP_COUNT_CONNECTIONS, 0);
    (void)close(fd);
    stop(&f);
}

static void a_connection_ends_after_its_share_of_requests(void **state)
{
    (void)state;
    struct fixture f;
    struct http_limits limits = HTTP_LIMITS_DEFAULT;
    limits.requests_per_connection_max = 2;
    start(&f, &limits);
    int fd = open_one(&f);
    assert_false(says(&f, "Connection: close"));
    client_says(fd, GET("/hello") GET("/hello"));
    assert_int_equal(client_answer(fd, &f.text, false), 200);
    assert_true(says(&f, "Connection: close"));
    assert_int_equal(client_answer(fd, &f.text, false), 0);
    (void)close(fd);
    stop(&f);
}

static void a_closing_server_finishes_what_it_has_begun(void **state)
{
    (void)state;
    struct fixture f;
    start(&f, NULL);
    int idle = open_one(&f);
    int streaming = client_connect(f.port);
    client_says(streaming, GET("/stream"));
    assert_int_equal(client_answer(streaming, &f.text, true), 200);
    int held = client_connect(f.port);
    client_says(held, GET("/held"));
    while (serving_held(f.serving) == 0)
        (void)usleep(1000);
    serving_drain(f.serving, 10000);
    client_rest(idle, &f.text);
    assert_int_equal(f.text.size_bytes, 0);
    client_rest(streaming, &f.text);
    serving_release(f.serving);
    assert_int_equal(client_answer(held, &f.text, false), 200);
    assert_true(says(&f, "\r\nConnection: close\r\n"));
    assert_int_equal(client_answer(held, &f.text, false), 0);
    (void)close(idle);
    (void)close(streaming);
    (void)close(held);
    stop(&f);
}

static void a_closing_server_does_not_wait_for_ever(void **state)
{
    (void)state;
    struct fixture f;
    start(&f, NULL);
    int slow = client_connect(f.port);
    client_says(slow, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx");
    serving_await(f.serving, HTTP_COUNT_BODY_BYTES, 1);
    int held = client_connect(f.port);
    client_says(held, GET("/held"));
    while (serving_held(f.serving) == 0)
        (void)usleep(1000);
    serving_drain(f.serving, SHORT_MS);
    client_rest(slow, &f.text);
    client_rest(held, &f.text);
    assert_int_equal(f.text.size_bytes, 0);
    serving_release(f.serving); /* the application must give every exchange back before the server can end */
    (void)close(slow);
    (void)close(held);
    stop(&f);
}

static void many_clients_at_once_are_all_answered(void **state)
{
    (void)state;
    enum { CLIENTS = 100, ROUNDS = 20 };
    struct fixture f;
    int fds[CLIENTS];
    start(&f, NULL);
    for (int i = 0; i < CLIENTS; i++)
        fds[i] = client_connect(f.port);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CLIENTS; i++)
            client_says(fds[i], "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab");
        for (int i = 0; i < CLIENTS; i++)
            assert_int_equal(client_answer(fds[i], &f.text, false), 200);
    }
    for (int i = 0; i < CLIENTS; i++)
        (void)close(fds[i]);
    assert_int_equal(serving_counter(f.serving, HTTP_COUNT_RESPONSES_2XX_TOTAL), CLIENTS * ROUNDS);
    stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_the_limit_of_connections_is_503_then_silence),
        cmocka_unit_test(one_address_cannot_take_all_connections),
        cmocka_unit_test(over_the_limit_of_exchanges_is_503_and_the_connection_lives),
        cmocka_unit_test(all_bodies_together_have_a_limit),
        cmocka_unit_test(a_slow_head_and_a_slow_body_are_408),
        cmocka_unit_test(an_idle_connection_is_closed_without_a_word),
        cmocka_unit_test(a_client_that_does_not_read_is_dropped),
        cmocka_unit_test(a_connection_ends_after_its_share_of_requests),
        cmocka_unit_test(a_closing_server_finishes_what_it_has_begun),
        cmocka_unit_test(a_closing_server_does_not_wait_for_ever),
        cmocka_unit_test(many_clients_at_once_are_all_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
