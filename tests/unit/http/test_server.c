#include "lib/check.h"
#include "lib/http/serving.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"

struct fixture {
    struct serving *serving;
    struct buf text;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->serving = serving_start(NULL, NULL);
    buf_init(&f->text, 16 << 20);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    serving_stop(f->serving);
    buf_done(&f->text);
    free(f);
    return 0;
}

static int once(struct fixture *f, const char *request)
{
    return client_once(serving_port(f->serving), request, strlen(request), &f->text);
}

static bool says(const struct fixture *f, const char *part)
{
    return strstr(f->text.data, part) != NULL;
}

static void an_answer_has_length_date_and_every_security_field(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(once(f, GET("/hello")), 200);
    static const char *const WANT[] = {
        "HTTP/1.1 200 OK\r\nDate: ",
        " GMT\r\n",
        "\r\nContent-Type: text/plain\r\n",
        "\r\nContent-Length: 6\r\n",
        "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n",
        "\r\nX-Content-Type-Options: nosniff\r\n",
        "\r\nCache-Control: no-store\r\n",
        "\r\nReferrer-Policy: no-referrer\r\n",
        "\r\n\r\nhello\n",
    };
    for (size_t i = 0; i < sizeof WANT / sizeof WANT[0]; i++)
        if (!says(f, WANT[i]))
            fail_msg("missing %s in %s", WANT[i], f->text.data);
    assert_false(says(f, "Connection: close"));
}

static void a_connection_serves_many_requests(void **state)
{
    struct fixture *f = *state;
    int fd = client_connect(serving_port(f->serving));
    for (int i = 0; i < 100; i++) {
        client_says(fd,
                    i % 2 ? GET("/hello") : "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
        assert_int_equal(client_answer(fd, &f->text, false), 200);
        assert_true(says(f, i % 2 ? "\r\n\r\nhello\n" : "\r\n\r\nabc"));
    }
    (void)close(fd);
    assert_int_equal(serving_counter(f->serving, HTTP_COUNT_CONNECTIONS_TOTAL), 1);
    assert_int_equal(serving_counter(f->serving, HTTP_COUNT_RESPONSES_2XX_TOTAL), 100);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    struct fixture *f = *state;
    int fd = client_connect(serving_port(f->serving));
    for (int i = 0; i < 50; i++) {
        char request[128];
        (void)snprintf(request, sizeof request,
                       "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n%04d", i);
        client_says(fd, request);
    }
    (void)shutdown(fd, SHUT_WR); /* the answers still come */
    for (int i = 0; i < 50; i++) {
        char body[16];
        (void)snprintf(body, sizeof body, "\r\n\r\n%04d", i);
        assert_int_equal(client_answer(fd, &f->text, false), 200);
        assert_true(says(f, body));
    }
    assert_int_equal(client_answer(fd, &f->text, false), 0);
    (void)close(fd);
}

static void a_request_may_come_byte_by_byte(void **state)
{
    struct fixture *f = *state;
    static const char REQUEST[] = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                                  "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    int fd = client_connect(serving_port(f->serving));
    for (size_t i = 0; i < sizeof REQUEST - 1; i++)
        client_send(fd, REQUEST + i, 1);
    assert_int_equal(client_answer(fd, &f->text, false), 200);
    assert_true(says(f, "\r\n\r\nabcde"));
    (void)close(fd);
}

static const struct malformed {
    const char *name;
    int status;
    const char *bytes;
    size_t size_bytes;
} MALFORMED_ROWS[] = {
#define MALFORMED(name, status, bytes) {name, status, bytes, sizeof(bytes) - 1},
#define MALFORMED_MORE(name, status, bytes) {name, status, bytes, sizeof(bytes) - 1},
#include "lib/http/malformed.def"
};

/* The path of the list is unknown here; the one that takes bodies goes in its place. */
static void address_echo(const struct malformed *row, struct buf *request)
{
    const char *path = memmem(row->bytes, row->size_bytes, " /a ", 4);
    size_t front = path ? (size_t)(path - row->bytes) : row->size_bytes;
    buf_reset(request);
    buf_add(request, row->bytes, front);
    if (path) {
        buf_adds(request, " /echo");
        buf_add(request, path + 3, row->size_bytes - front - 3);
    }
}

static void every_malformed_request_is_refused_and_the_connection_closed(void **state)
{
    struct fixture *f = *state;
    struct buf request;
    buf_init(&request, 10000);
    for (size_t i = 0; i < sizeof MALFORMED_ROWS / sizeof MALFORMED_ROWS[0]; i++) {
        const struct malformed *row = &MALFORMED_ROWS[i];
        address_echo(row, &request);
        int fd = client_connect(serving_port(f->serving));
        client_send(fd, request.data, request.size_bytes);
        int status = client_answer(fd, &f->text, false);
        if (status != row->status || !says(f, "\r\nConnection: close\r\n") || !says(f, "/problem+json\r\n"))
            fail_msg("%s: %d %s", row->name, status, f->text.data);
        client_rest(fd, &f->text);
        assert_int_equal(f->text.size_bytes, 0);
        (void)close(fd);
    }
    buf_done(&request);
    assert_int_equal(serving_counter(f->serving, HTTP_COUNT_REQUESTS_MALFORMED_TOTAL),
                     sizeof MALFORMED_ROWS / sizeof MALFORMED_ROWS[0]);
}

static void a_problem_names_the_field(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(once(f, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n"), 400);
    assert_true(says(f, "\"field\":\"content-length\""));
    assert_true(says(f, "\"line\":3"));
    assert_int_equal(once(f, GET("/unknown")), 404);
    assert_true(says(f, "\"type\":\"/problems/not-found\""));
    assert_false(says(f, "Connection: close"));
}

static void head_is_get_without_the_body(void **state)
{
    struct fixture *f = *state;
    int fd = client_connect(serving_port(f->serving));
    client_says(fd, "HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n" GET("/hello"));
    assert_int_equal(client_answer(fd, &f->text, true), 200);
    assert_true(says(f, "Content-Length: 6\r\n"));
    assert_int_equal(client_answer(fd, &f->text, false), 200);
    assert_true(says(f, "\r\n\r\nhello\n"));
    (void)close(fd);
}

static void continue_is_said_when_the_body_is_wanted(void **state)
{
    struct fixture *f = *state;
    int fd = client_connect(serving_port(f->serving));
    client_says(fd, "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    assert_int_equal(client_answer(fd, &f->text, false), 100);
    client_says(fd, "abc");
    assert_int_equal(client_answer(fd, &f->text, false), 200);
    client_says(fd, "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc");
    assert_int_equal(client_answer(fd, &f->text, false), 200); /* it did not wait, so nothing need be said */
    (void)close(fd);
    assert_int_equal(
        once(f, "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n"),
        413);
    assert_true(says(f, "Connection: close"));
    assert_int_equal(
        once(f, "POST /no HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"), 404);
    assert_true(says(f, "Connection: close"));
}

static void the_answer_to_a_body_too_large_is_not_lost(void **state)
{
    struct fixture *f = *state;
    size_t size = 200000;
    char *body = calloc(1, size);
    for (int i = 0; i < 20; i++) {
        int fd = client_connect(serving_port(f->serving));
        client_says(fd, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n");
        client_send(fd, body, size);
        assert_int_equal(client_answer(fd, &f->text, false), 413);
        char more;
        assert_int_equal(recv(fd, &more, 1, 0), 0); /* an orderly end, not a reset */
        (void)close(fd);
    }
    free(body);
}

static void a_large_answer_arrives_whole(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(once(f, GET("/large")), 200);
    assert_true(f->text.size_bytes > SERVING_LARGE_BYTES);
}

static void a_large_body_is_echoed_whole(void **state)
{
    struct fixture *f = *state;
    struct buf request;
    buf_init(&request, 1 << 20);
    buf_addf(&request, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", SERVING_ECHO_MAX);
    size_t head = request.size_bytes;
    for (int i = 0; i < SERVING_ECHO_MAX; i++)
        buf_add(&request, &"0123456789abcdef"[i * 7 % 16], 1);
    assert_int_equal(client_once(serving_port(f->serving), request.data, request.size_bytes, &f->text), 200);
    const char *body = strstr(f->text.data, "\r\n\r\n") + 4;
    assert_string_equal(body, request.data + head);
    buf_done(&request);
    serving_await(f->serving, HTTP_COUNT_BODY_BYTES, 0);
}

static void connection_close_and_http_1_0_close(void **state)
{
    struct fixture *f = *state;
    static const char *const REQUESTS[] = {"GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                                           "GET /hello HTTP/1.0\r\n\r\n"};
    for (size_t i = 0; i < 2; i++) {
        int fd = client_connect(serving_port(f->serving));
        client_says(fd, REQUESTS[i]);
        assert_int_equal(client_answer(fd, &f->text, false), 200);
        assert_true(says(f, "\r\nConnection: close\r\n"));
        assert_int_equal(client_answer(fd, &f->text, false), 0);
        (void)close(fd);
    }
}

static void a_torn_answer_of_the_application_becomes_500(void **state)
{
    struct fixture *f = *state;
    static const char *const REQUESTS[] = {GET("/injected"), GET("/overflow"), GET("/nothing")};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(once(f, REQUESTS[i]), 500);
        assert_false(says(f, "Set-Cookie"));
        assert_true(says(f, "\"type\":\"/problems/internal\""));
    }
}

static void a_client_that_leaves_costs_nothing(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 5; i++) {
        int fd = client_connect(serving_port(f->serving));
        client_says(fd, GET("/held"));
        while (serving_held(f->serving) <= i)
            (void)usleep(1000);
        struct linger reset = {1, 0};
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        (void)close(fd);
    }
    serving_await(f->serving, HTTP_COUNT_CONNECTIONS, 0);
    assert_int_equal(serving_counter(f->serving, HTTP_COUNT_EXCHANGES), 5);
    serving_release(f->serving);
    serving_await(f->serving, HTTP_COUNT_EXCHANGES, 0);
}

static void a_stream_stays_open(void **state)
{
    struct fixture *f = *state;
    int fd = client_connect(serving_port(f->serving));
    client_says(fd, GET("/stream"));
    assert_int_equal(client_answer(fd, &f->text, true), 200);
    assert_false(says(f, "Content-Length"));
    assert_true(says(f, "Connection: close"));
    char tick[5];
    assert_int_equal(recv(fd, tick, 5, MSG_WAITALL), 5);
    assert_memory_equal(tick, "tick\n", 5);
    assert_int_equal(serving_counter(f->serving, HTTP_COUNT_STREAMS), 1);
    (void)close(fd);
    serving_await(f->serving, HTTP_COUNT_STREAMS, 0);
    assert_int_equal(once(f, "HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    serving_await(f->serving, HTTP_COUNT_STREAMS, 0);
}

static void the_peer_is_told(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(once(f, GET("/peer")), 200);
    assert_true(says(f, "127.0.0.1 tls=0 listener=0 - -\n"));
}

int main(void)
{
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_SERVER(an_answer_has_length_date_and_every_security_field),
        WITH_SERVER(a_connection_serves_many_requests),
        WITH_SERVER(pipelined_requests_are_answered_in_order),
        WITH_SERVER(a_request_may_come_byte_by_byte),
        WITH_SERVER(every_malformed_request_is_refused_and_the_connection_closed),
        WITH_SERVER(a_problem_names_the_field),
        WITH_SERVER(head_is_get_without_the_body),
        WITH_SERVER(continue_is_said_when_the_body_is_wanted),
        WITH_SERVER(the_answer_to_a_body_too_large_is_not_lost),
        WITH_SERVER(a_large_answer_arrives_whole),
        WITH_SERVER(a_large_body_is_echoed_whole),
        WITH_SERVER(connection_close_and_http_1_0_close),
        WITH_SERVER(a_torn_answer_of_the_application_becomes_500),
        WITH_SERVER(a_client_that_leaves_costs_nothing),
        WITH_SERVER(a_stream_stays_open),
        WITH_SERVER(the_peer_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
