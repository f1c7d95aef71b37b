#include "bell/news.h"

#include "base/civil.h"

void news_subject(const struct news *news, const struct channel *channel, struct buf *out)
{
    if (news->drill)
        buf_adds(out, "【演练】");
    if (news->demo)
        buf_adds(out, "【演示数据】");
    buf_addf(out, "[%s] %s", severity_zh(news->severity), news->what);
    if (news->number)
        buf_addf(out, " %s", news->number);
    if (channel->detailed && news->title)
        buf_addf(out, " %s", news->title);
}

void news_text(const struct news *news, const struct channel *channel, struct buf *out)
{
    char at[CIVIL_TIME_SIZE];
    civil_format_time(news->at_ms, CIVIL_CHINA_MIN, at);
    news_subject(news, channel, out);
    buf_addf(out, "\n时间：%.10s %.5s", at, at + 11);
    if (channel->detailed && news->unit)
        buf_addf(out, "\n单位：%s", news->unit);
    if (news->link)
        buf_addf(out, "\n%s", news->link);
}

void news_cut(struct buf *text, size_t bytes_max)
{
    if (text->size_bytes <= bytes_max)
        return;
    size_t n = bytes_max;
    /* Back to the first byte of a character. */
    while (n > 0 && ((unsigned char)text->data[n] & 0xC0) == 0x80)
        n--;
    buf_cut(text, n);
}
