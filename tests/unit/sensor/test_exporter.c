#include "sensor/exporter.h"

#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

#include <stdlib.h>

static struct exporter_book *open_book(void)
{
    struct exporter_book *book = NULL;
    struct err err;
    assert_ok(exporter_book_new(&book, &err), &err);
    return book;
}

static struct template *template_of(uint16_t id)
{
    struct template *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->id = id;
    return t;
}

static void one_exporter_is_known_again(void **state)
{
    (void)state;
    struct exporter_book *book = open_book();
    struct ip one = ip_of("192.0.2.1");
    struct ip two = ip_of("2001:db8::1");
    struct exporter *first = exporter_get(book, &one, 0, 9, 1);
    assert_ptr_not_equal(first, exporter_get(book, &one, 1, 9, 2));
    assert_ptr_not_equal(first, exporter_get(book, &one, 0, 10, 2));
    assert_ptr_not_equal(first, exporter_get(book, &two, 0, 9, 2));
    assert_ptr_equal(first, exporter_get(book, &one, 0, 9, 3));
    assert_int_equal(first->datagrams, 2);
    assert_non_null(exporter_nth(book, 3));
    assert_null(exporter_nth(book, 4));
    exporter_book_free(book);
}

static void the_one_silent_longest_makes_room(void **state)
{
    (void)state;
    struct exporter_book *book = open_book();
    struct ip one = ip_of("192.0.2.1");
    for (uint32_t domain = 0; domain < EXPORTERS_MAX; domain++)
        exporter_step(exporter_get(book, &one, domain, 9, domain), 5, 1);
    assert_true(exporter_get(book, &one, 0, 9, 5000)->in_step);
    (void)exporter_get(book, &one, EXPORTERS_MAX, 9, 5001);
    assert_true(exporter_get(book, &one, 0, 9, 5002)->in_step);
    assert_false(exporter_get(book, &one, 1, 9, 5003)->in_step); /* it was the oldest, and is new now */
    exporter_book_free(book);
}

static void missing_numbers_are_lost_until_they_come(void **state)
{
    (void)state;
    struct exporter e = {.used = true};
    exporter_step(&e, 100, 10);
    exporter_step(&e, 110, 10);
    assert_int_equal(e.lost, 0);
    exporter_step(&e, 150, 10);
    assert_int_equal(e.lost, 30);
    exporter_step(&e, 120, 10); /* late, not lost */
    assert_int_equal(e.lost, 20);
    exporter_step(&e, 160, 10);
    assert_int_equal(e.lost, 20);
    exporter_step(&e, 4000000000, 10); /* a restart */
    assert_int_equal(e.lost, 20);
    exporter_step(&e, 4000000010, 1);
    assert_int_equal(e.lost, 20);
    e.next_sequence = UINT32_MAX;
    exporter_step(&e, 1, 1); /* over the end of the numbers */
    assert_int_equal(e.lost, 22);
}

static void templates_are_replaced_and_limited(void **state)
{
    (void)state;
    struct exporter_book *book = open_book();
    struct ip one = ip_of("192.0.2.1");
    struct exporter *e = exporter_get(book, &one, 0, 9, 0);
    struct template *again = template_of(256);
    assert_true(exporter_learn(e, template_of(256)));
    assert_true(exporter_learn(e, again));
    assert_ptr_equal(exporter_template(e, 256), again);
    for (int i = 1; i < TEMPLATES_MAX; i++)
        assert_true(exporter_learn(e, template_of((uint16_t)(256 + i))));
    assert_false(exporter_learn(e, template_of(9999)));
    exporter_forget(e, 256);
    assert_null(exporter_template(e, 256));
    assert_true(exporter_learn(e, template_of(9999)));
    exporter_book_free(book);
}

static void a_sampler_stands_before_the_exporter(void **state)
{
    (void)state;
    struct exporter e = {.sampling = 100};
    exporter_set_sampler(&e, 7, 1000);
    exporter_set_sampler(&e, 7, 2000);
    assert_int_equal(exporter_sampling(&e, 7), 2000);
    assert_int_equal(exporter_sampling(&e, 8), 100);
    for (uint64_t id = 0; id < 2 * SAMPLERS_MAX; id++)
        exporter_set_sampler(&e, id, 5);
    assert_int_equal(e.sampler_count, SAMPLERS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_exporter_is_known_again),
        cmocka_unit_test(the_one_silent_longest_makes_room),
        cmocka_unit_test(missing_numbers_are_lost_until_they_come),
        cmocka_unit_test(templates_are_replaced_and_limited),
        cmocka_unit_test(a_sampler_stands_before_the_exporter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
