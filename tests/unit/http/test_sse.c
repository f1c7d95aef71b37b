#include "http/sse.h"
#include "lib/check.h"
#include "lib/http/serving.h"

#include <event2/event.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RING = 8, SUBSCRIBERS_MAX = 4, BEAT_MS = 30, FETCH_EVENTS = 3, LARGE_BYTES = 100000 };

/* The history is computed: event n says that n is even or odd, and the large ones fill a line with x. */
struct fixture {
    struct serving *serving;
    struct sse_hub *hub;
    struct http_application app;
    atomic_int_fast64_t published;
    atomic_int fetches;
    int64_t beat_ms; /* 0: so long that none comes */
    bool large;
    bool broken_source;
    char *line;
    struct buf text;
};

static const char *kind_of(int64_t id)
{
    return id % 2 ? "odd" : "even";
}

static struct sse_event event_of(const struct fixture *f, int64_t id, char data[32])
{
    (void)snprintf(data, 32, "{\"n\":%lld}", (long long)id);
    return (struct sse_event){id, kind_of(id), f->large ? f->line : data};
}

struct asked {
    struct fixture *fixture;
    struct sse_fetch *fetch;
    int64_t after;
    size_t count;
};

static void *answer_fetch(void *context)
{
    struct asked *asked = context;
    struct fixture *f = asked->fixture;
    int64_t through = asked->after;
    int64_t newest = atomic_load(&f->published);
    for (size_t i = 0; i < asked->count && through < newest; i++) {
        char data[32];
        struct sse_event event = event_of(f, ++through, data);
        sse_fetch_add(asked->fetch, &event);
    }
    sse_fetch_done(asked->fetch, through, !f->broken_source);
    free(asked);
    return NULL;
}

/* Every second question is answered by another thread. */
static void fetch(void *context, struct sse_fetch *fetch, int64_t after, size_t count)
{
    struct fixture *f = context;
    struct asked *asked = malloc(sizeof *asked);
    assert_non_null(asked);
    *asked = (struct asked){f, fetch, after, count};
    if (atomic_fetch_add(&f->fetches, 1) % 2 == 0) {
        (void)answer_fetch(asked);
        return;
    }
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, answer_fetch, asked), 0);
    (void)pthread_detach(thread);
}

static bool wants_odd(void *context, const struct sse_event *event)
{
    (void)context;
    return strcmp(event->kind, "odd") == 0;
}

static enum errc head(void *context, struct http_exchange *exchange, size_t *body_bytes_max, struct err *err)
{
    (void)context;
    (void)exchange;
    (void)err;
    *body_bytes_max = 0;
    return ERR_OK;
}

static void request(void *context, struct http_exchange *exchange)
{
    struct fixture *f = context;
    struct err err;
    const struct sse_filter odd = {NULL, wants_odd, NULL};
    bool filtered = str_eq(http_request_path(exchange->request), "/odd");
    if (sse_subscribe(f->hub, exchange, filtered ? &odd : NULL, &err) < 0) {
        http_reply_problem(exchange, &err);
        http_reply_send(exchange);
    }
}

static void start(struct fixture *f, int64_t newest)
{
    struct err err;
    const struct sse_config config = {.subscribers_max = SUBSCRIBERS_MAX,
                                      .ring_events_max = RING,
                                      .buffer_bytes_max = 4096,
                                      .fetch_events_max = FETCH_EVENTS,
                                      .heartbeat_ms = f->beat_ms ? f->beat_ms : 60000,
                                      .newest = newest,
                                      .context = f,
                                      .fetch = fetch};
    f->app = (struct http_application){f, head, request, NULL};
    atomic_store(&f->published, newest);
    f->line = malloc(LARGE_BYTES + 1);
    memset(f->line, 'x', LARGE_BYTES);
    f->line[LARGE_BYTES] = '\0';
    buf_init(&f->text, 64 << 20);
    f->serving = serving_new(NULL, NULL, &f->app);
    assert_ok(sse_hub_new(serving_base(f->serving), &config, &f->hub, &err), &err);
    serving_begin(f->serving);
}

static void stop(struct fixture *f)
{
    serving_end(f->serving);
    sse_hub_free(f->hub);
    serving_free(f->serving);
    buf_done(&f->text);
    free(f->line);
}

static void publish(struct fixture *f, int count)
{
    for (int i = 0; i < count; i++) {
        char data[32];
        struct err err;
        int64_t id = atomic_fetch_add(&f->published, 1) + 1;
        struct sse_event event = event_of(f, id, data);
        assert_ok(sse_publish(f->hub, &event, &err), &err);
    }
}

/* last < 0: without the field. */
static int subscribe(struct fixture *f, const char *path, int64_t last)
{
    char line[256];
    int fd = client_connect(serving_port(f->serving));
    if (last >= 0)
        (void)snprintf(line, sizeof line, "GET %s HTTP/1.1\r\nHost: h\r\nLast-Event-ID: %lld\r\n\r\n", path,
                       (long long)last);
    else
        (void)snprintf(line, sizeof line, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path);
    client_says(fd, line);
    return fd;
}

/* From here on the stream is read by lines; fclose hangs up. */
static FILE *lines_of(int fd, struct buf *text)
{
    assert_int_equal(client_answer(fd, text, true), 200);
    assert_non_null(strstr(text->data, "\r\nContent-Type: text/event-stream\r\n"));
    FILE *stream = fdopen(fd, "r");
    assert_non_null(stream);
    return stream;
}

static FILE *listen_on(struct fixture *f, const char *path, int64_t last)
{
    return lines_of(subscribe(f, path, last), &f->text);
}

/* The next line that starts with the text, or NULL at the end of the stream. It lives until the next call. */
static const char *next_line(FILE *stream, struct buf *text, const char *want)
{
    char *line = NULL;
    size_t room = 0;
    bool found = false;
    while (!found && getline(&line, &room, stream) > 0)
        found = strncmp(line, want, strlen(want)) == 0;
    buf_reset(text);
    if (found)
        buf_adds(text, line);
    free(line);
    return found ? text->data : NULL;
}

static int64_t next_id(FILE *stream, struct buf *text)
{
    const char *line = next_line(stream, text, "id: ");
    assert_non_null(line);
    return strtoll(line + 4, NULL, 10);
}

static void events_are_told_live_and_in_order(void **state)
{
    (void)state;
    struct fixture f = {0};
    FILE *streams[3];
    start(&f, 100);
    for (int i = 0; i < 3; i++)
        streams[i] = listen_on(&f, "/", -1);
    publish(&f, 20);
    for (int i = 0; i < 3; i++) {
        for (int64_t id = 101; id <= 120; id++)
            assert_int_equal(next_id(streams[i], &f.text), id);
        assert_string_equal(next_line(streams[i], &f.text, "event: "), "event: even\n");
        assert_string_equal(next_line(streams[i], &f.text, "data: "), "data: {\"n\":120}\n");
        (void)fclose(streams[i]);
    }
    stop(&f);
}

static void a_client_resumes_behind_its_last_event(void **state)
{
    (void)state;
    struct fixture f = {0};
    start(&f, 100);
    publish(&f, 50); /* the ring holds 143 to 150 */
    FILE *far = listen_on(&f, "/", 60);
    for (int64_t id = 61; id <= 150; id++)
        assert_int_equal(next_id(far, &f.text), id);
    FILE *near = listen_on(&f, "/", 147);
    FILE *now = listen_on(&f, "/", 150);
    publish(&f, 1);
    assert_int_equal(next_id(near, &f.text), 148);
    assert_int_equal(next_id(near, &f.text), 149);
    assert_int_equal(next_id(now, &f.text), 151);
    assert_int_equal(next_id(far, &f.text), 151);
    assert_true(atomic_load(&f.fetches) > 10);
    (void)fclose(far);
    (void)fclose(near);
    (void)fclose(now);
    stop(&f);
}

struct reader {
    struct fixture *fixture;
    int64_t first;
    int64_t last;
    bool right;
};

/* Hangs up again and again and comes back with what it heard last. */
static void *read_with_interruptions(void *context)
{
    struct reader *reader = context;
    struct buf text;
    int64_t heard = reader->first - 1;
    buf_init(&text, 1 << 20);
    reader->right = true;
    while (heard < reader->last) {
        char line[128];
        int fd = client_connect(serving_port(reader->fixture->serving));
        (void)snprintf(line, sizeof line, "GET / HTTP/1.1\r\nHost: h\r\nLast-Event-ID: %lld\r\n\r\n",
                       (long long)heard);
        client_says(fd, line);
        FILE *stream = lines_of(fd, &text);
        for (int i = 0; i < 37 && heard < reader->last; i++) {
            int64_t id = next_id(stream, &text);
            reader->right = reader->right && id == heard + 1;
            heard = id;
        }
        (void)fclose(stream);
    }
    buf_done(&text);
    return NULL;
}

static void no_event_is_lost_or_told_twice_over_many_connections(void **state)
{
    (void)state;
    enum { READERS = 3, EVENTS = 600 };
    struct fixture f = {0};
    pthread_t threads[READERS];
    struct reader readers[READERS];
    start(&f, 10);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){&f, 1 + 5 * i, 10 + EVENTS, false};
        assert_int_equal(pthread_create(&threads[i], NULL, read_with_interruptions, &readers[i]), 0);
    }
    for (int i = 0; i < EVENTS / 10; i++) {
        publish(&f, 10);
        (void)usleep(1000);
    }
    for (int i = 0; i < READERS; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_true(readers[i].right);
    }
    stop(&f);
}

static void a_filter_holds_for_old_and_new_events(void **state)
{
    (void)state;
    struct fixture f = {0};
    start(&f, 20);
    FILE *stream = listen_on(&f, "/odd", 10);
    for (int64_t id = 11; id <= 19; id += 2)
        assert_int_equal(next_id(stream, &f.text), id);
    publish(&f, 4);
    assert_int_equal(next_id(stream, &f.text), 21);
    assert_int_equal(next_id(stream, &f.text), 23);
    (void)fclose(stream);
    stop(&f);
}

static void silence_is_filled_with_comments(void **state)
{
    (void)state;
    struct fixture f = {.beat_ms = BEAT_MS};
    start(&f, 0);
    FILE *stream = listen_on(&f, "/", -1);
    assert_non_null(next_line(stream, &f.text, "retry: 2000"));
    assert_non_null(next_line(stream, &f.text, ":"));
    assert_non_null(next_line(stream, &f.text, ":"));
    (void)fclose(stream);
    stop(&f);
}

static void a_slow_reader_misses_nothing(void **state)
{
    (void)state;
    struct fixture f = {.large = true};
    start(&f, 0);
    FILE *stream = listen_on(&f, "/", -1);
    publish(&f, 200); /* 20 MB, more than the sockets and the subscriber's buffer take */
    (void)usleep(BEAT_MS * 1000);
    for (int64_t id = 1; id <= 200; id++)
        assert_int_equal(next_id(stream, &f.text), id);
    assert_int_equal(sse_dropped(f.hub), 0);
    (void)fclose(stream);
    stop(&f);
}

static void a_reader_that_takes_nothing_is_closed(void **state)
{
    (void)state;
    struct fixture f = {.large = true, .beat_ms = BEAT_MS};
    start(&f, 0);
    FILE *stream = listen_on(&f, "/", -1);
    publish(&f, 200);
    serving_await(f.serving, HTTP_COUNT_STREAMS, 0);
    assert_int_equal(sse_dropped(f.hub), 1);
    assert_int_equal(sse_subscribers(f.hub), 0);
    (void)fclose(stream);
    stop(&f);
}

static void a_source_that_fails_ends_the_stream(void **state)
{
    (void)state;
    struct fixture f = {.broken_source = true};
    start(&f, 20);
    FILE *stream = listen_on(&f, "/", 10);
    assert_non_null(next_line(stream, &f.text, "retry"));
    assert_null(next_line(stream, &f.text, "id"));
    (void)fclose(stream);
    serving_await(f.serving, HTTP_COUNT_STREAMS, 0);
    stop(&f);
}

static void refused(struct fixture *f, const char *last, int status)
{
    char line[256];
    (void)snprintf(line, sizeof line, "GET / HTTP/1.1\r\nHost: h\r\nLast-Event-ID: %s\r\n\r\n", last);
    assert_int_equal(client_once(serving_port(f->serving), line, strlen(line), &f->text), status);
    assert_non_null(strstr(f->text.data, "\"field\":\"last-event-id\""));
}

static void an_id_that_cannot_be_is_refused(void **state)
{
    (void)state;
    struct fixture f = {0};
    start(&f, 20);
    refused(&f, "x", 422);
    refused(&f, "-1", 422);
    refused(&f, "1 2", 422);
    refused(&f, "9999999999999999999", 422);
    refused(&f, "21", 409);
    assert_int_equal(sse_subscribers(f.hub), 0);
    stop(&f);
}

static void too_many_subscribers_are_503(void **state)
{
    (void)state;
    struct fixture f = {0};
    FILE *streams[SUBSCRIBERS_MAX];
    start(&f, 0);
    for (int i = 0; i < SUBSCRIBERS_MAX; i++)
        streams[i] = listen_on(&f, "/", -1);
    int over = subscribe(&f, "/", -1);
    assert_int_equal(client_answer(over, &f.text, false), 503);
    assert_non_null(strstr(f.text.data, "\r\nRetry-After: 2\r\n"));
    (void)close(over);
    (void)fclose(streams[0]);
    serving_await(f.serving, HTTP_COUNT_STREAMS, SUBSCRIBERS_MAX - 1);
    streams[0] = listen_on(&f, "/", -1);
    for (int i = 0; i < SUBSCRIBERS_MAX; i++)
        (void)fclose(streams[i]);
    stop(&f);
}

static void a_stream_that_never_opened_leaves_the_others_alone(void **state)
{
    (void)state;
    static const char HEAD[] = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";
    struct fixture f = {0};
    start(&f, 0);
    FILE *stream = listen_on(&f, "/", -1);
    int fd = client_connect(serving_port(f.serving));
    client_says(fd, HEAD);
    assert_int_equal(client_answer(fd, &f.text, true), 200);
    assert_int_equal(client_answer(fd, &f.text, true), 0);
    (void)close(fd);
    publish(&f, 1);
    assert_int_equal(next_id(stream, &f.text), 1);
    assert_int_equal(sse_subscribers(f.hub), 1);
    (void)fclose(stream);
    stop(&f);
}

static void an_event_is_one_line_and_ids_only_grow(void **state)
{
    (void)state;
    struct fixture f = {0};
    struct err err;
    start(&f, 5);
    FILE *stream = listen_on(&f, "/", -1);
    const struct sse_event two_lines = {6, "x", "a\nid: 9"};
    const struct sse_event two_kinds = {6, "x\rdata: y", "a"};
    const struct sse_event old = {5, "x", "a"};
    const struct sse_event fresh = {9, "x", "a"};
    assert_code(sse_publish(f.hub, &two_lines, &err), ERR_INVALID);
    assert_code(sse_publish(f.hub, &two_kinds, &err), ERR_INVALID);
    assert_ok(sse_publish(f.hub, &old, &err), &err);
    assert_ok(sse_publish(f.hub, &fresh, &err), &err);
    assert_int_equal(next_id(stream, &f.text), 9);
    const struct sse_event late = {8, "x", "a"};
    const struct sse_event next = {10, "x", "a"};
    assert_ok(sse_publish(f.hub, &late, &err), &err);
    FILE *resumed = listen_on(&f, "/", 9);
    assert_ok(sse_publish(f.hub, &next, &err), &err);
    assert_int_equal(next_id(stream, &f.text), 10);
    assert_int_equal(next_id(resumed, &f.text), 10);
    (void)fclose(resumed);
    (void)fclose(stream);
    stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_told_live_and_in_order),
        cmocka_unit_test(a_client_resumes_behind_its_last_event),
        cmocka_unit_test(no_event_is_lost_or_told_twice_over_many_connections),
        cmocka_unit_test(a_filter_holds_for_old_and_new_events),
        cmocka_unit_test(silence_is_filled_with_comments),
        cmocka_unit_test(a_slow_reader_misses_nothing),
        cmocka_unit_test(a_reader_that_takes_nothing_is_closed),
        cmocka_unit_test(a_source_that_fails_ends_the_stream),
        cmocka_unit_test(an_id_that_cannot_be_is_refused),
        cmocka_unit_test(too_many_subscribers_are_503),
        cmocka_unit_test(a_stream_that_never_opened_leaves_the_others_alone),
        cmocka_unit_test(an_event_is_one_line_and_ids_only_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
