#include "http/mailbox.h"
#include "lib/check.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>

enum { THREADS = 4, LETTERS = 5000 };

struct counted {
    struct letter letter;
    struct desk *desk;
    int thread;
    int number;
};

struct desk {
    struct mailbox *mailbox;
    struct event_base *base;
    int next[THREADS]; /* the number that must come next from each thread */
    int opened;
    bool in_order;
};

static void open_counted(struct letter *letter)
{
    struct counted *counted = (struct counted *)(void *)letter;
    struct desk *desk = counted->desk;
    desk->in_order = desk->in_order && desk->next[counted->thread]++ == counted->number;
    if (++desk->opened == THREADS * LETTERS)
        (void)event_base_loopbreak(desk->base);
    free(counted);
}

static void post(struct desk *desk, int thread, int number)
{
    struct counted *counted = calloc(1, sizeof *counted);
    assert_non_null(counted);
    *counted = (struct counted){{NULL, open_counted}, desk, thread, number};
    mailbox_post(desk->mailbox, &counted->letter);
}

static void *write_letters(void *context)
{
    struct counted *who = context;
    for (int i = 0; i < LETTERS; i++)
        post(who->desk, who->thread, i);
    return NULL;
}

static void letters_of_many_threads_all_arrive_in_order(void **state)
{
    (void)state;
    struct err err;
    struct desk desk = {.base = event_base_new(), .in_order = true};
    pthread_t threads[THREADS];
    struct counted who[THREADS];
    assert_ok(mailbox_new(desk.base, &desk.mailbox, &err), &err);
    for (int i = 0; i < THREADS; i++) {
        who[i] = (struct counted){.desk = &desk, .thread = i};
        assert_int_equal(pthread_create(&threads[i], NULL, write_letters, &who[i]), 0);
    }
    (void)event_base_loop(desk.base, EVLOOP_NO_EXIT_ON_EMPTY);
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    assert_int_equal(desk.opened, THREADS * LETTERS);
    assert_true(desk.in_order);
    mailbox_free(desk.mailbox);
    event_base_free(desk.base);
}

static void letters_left_at_the_end_are_opened(void **state)
{
    (void)state;
    struct err err;
    struct desk desk = {.base = event_base_new(), .in_order = true};
    assert_ok(mailbox_new(desk.base, &desk.mailbox, &err), &err);
    post(&desk, 0, 0);
    post(&desk, 0, 1);
    mailbox_free(desk.mailbox);
    assert_int_equal(desk.opened, 2);
    mailbox_free(NULL);
    event_base_free(desk.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_many_threads_all_arrive_in_order),
        cmocka_unit_test(letters_left_at_the_end_are_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
