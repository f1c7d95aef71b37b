#include "bell/news.h"

#include "lib/check.h"

static const struct news NEWS = {.id = "n1",
                                 .severity = SEVERITY_URGENT,
                                 .what = "收到突发事件报告",
                                 .number = "浙〔2009〕12号",
                                 .unit = "浙江电信",
                                 .title = "六省断网",
                                 .link = "https://console.example/incidents/1",
                                 .at_ms = INT64_C(1242741600000)};

static void says(void (*say)(const struct news *, const struct channel *, struct buf *),
                 const struct news *news, bool detailed, const char *want)
{
    const struct channel channel = {.name = "c", .detailed = detailed};
    struct buf out;
    buf_init(&out, 10000);
    say(news, &channel, &out);
    assert_string_equal(out.data, want);
    buf_done(&out);
}

static void minimal_words_name_neither_unit_nor_title(void **state)
{
    (void)state;
    says(news_subject, &NEWS, false, "[紧急] 收到突发事件报告 浙〔2009〕12号");
    says(news_text, &NEWS, false,
         "[紧急] 收到突发事件报告 浙〔2009〕12号\n时间：2009-05-19 "
         "22:00\nhttps://console.example/incidents/1");
}

static void a_detailed_channel_is_told_more(void **state)
{
    (void)state;
    says(news_text, &NEWS, true,
         "[紧急] 收到突发事件报告 浙〔2009〕12号 六省断网\n时间：2009-05-19 22:00\n单位：浙江电信\n"
         "https://console.example/incidents/1");
}

static void drills_and_demonstrations_say_so_first(void **state)
{
    (void)state;
    struct news news = NEWS;
    news.drill = news.demo = true;
    news.severity = SEVERITY_INFO;
    says(news_subject, &news, false, "【演练】【演示数据】[一般] 收到突发事件报告 浙〔2009〕12号");
}

static void cutting_never_splits_a_character(void **state)
{
    (void)state;
    static const struct {
        size_t max;
        const char *want;
    } ROWS[] = {{0, ""}, {1, "a"}, {2, "a"}, {3, "a"}, {4, "a烽"}, {6, "a烽"}, {7, "a烽燧"}, {99, "a烽燧"}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct buf text;
        buf_init(&text, 100);
        buf_adds(&text, "a烽燧");
        news_cut(&text, ROWS[i].max);
        assert_string_equal(text.data, ROWS[i].want);
        buf_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minimal_words_name_neither_unit_nor_title),
        cmocka_unit_test(a_detailed_channel_is_told_more),
        cmocka_unit_test(drills_and_demonstrations_say_so_first),
        cmocka_unit_test(cutting_never_splits_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
