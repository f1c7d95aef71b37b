#include "bell/mail.h"

#include "base/str.h"
#include "lib/check.h"

#include <string.h>

static const char *const TO[] = {"c@d.example", "e@f.example"};

static void make(const struct news *news, struct arena *arena, struct buf *out)
{
    const char *to[] = {TO[0], TO[1]};
    const struct channel channel = {
        .kind = CHANNEL_MAIL, .name = "duty", .from = "a@b.example", .to = {to, 2}};
    struct err err;
    arena_init(arena, 1 << 20);
    buf_init(out, 1 << 20);
    assert_ok(mail_write(&channel, news, INT64_C(1242741600000), arena, out, &err), &err);
}

static void holds(const struct buf *mail, const char *text)
{
    if (!strstr(mail->data, text))
        fail_msg("the mail does not hold %s:\n%s", text, mail->data);
}

static void a_mail_has_the_fields_that_the_standards_want(void **state)
{
    (void)state;
    const struct news news = {.id = "n1", .severity = SEVERITY_URGENT, .what = "收到报告"};
    struct arena arena;
    struct buf mail;
    make(&news, &arena, &mail);
    holds(&mail, "Date: Tue, 19 May 2009 22:00:00 +0800\r\n");
    holds(&mail, "From: <a@b.example>\r\nTo: <c@d.example>,\r\n <e@f.example>\r\n");
    holds(&mail, "Message-ID: <n1.duty@b.example>\r\n");
    holds(&mail, "Auto-Submitted: auto-generated\r\nImportance: high\r\n");
    holds(&mail, "Content-Transfer-Encoding: base64\r\n\r\n");
    buf_done(&mail);
    arena_done(&arena);
}

static void no_line_is_too_long_and_no_word_splits_a_character(void **state)
{
    (void)state;
    static char what[901];
    for (size_t i = 0; i + 3 < sizeof what; i += 3)
        memcpy(what + i, "燧", 3);
    const struct news news = {.id = "n1", .what = what};
    struct arena arena;
    struct buf mail;
    make(&news, &arena, &mail);
    size_t words = 0;
    for (const char *at = mail.data; *at;) {
        size_t n = strcspn(at, "\r");
        assert_true(n <= 78 + 9);
        at += n + 2;
    }
    for (const char *at = mail.data; (at = strstr(at, "=?UTF-8?B?")); words++) {
        size_t bytes = 0;
        at += strlen("=?UTF-8?B?");
        const char *word = base64_decode(&arena, at, strcspn(at, "?"), &bytes);
        assert_non_null(word);
        assert_true(utf8_valid(word, bytes));
    }
    assert_true(words > 10);
    buf_done(&mail);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_has_the_fields_that_the_standards_want),
        cmocka_unit_test(no_line_is_too_long_and_no_word_splits_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
