#include "bell/mail.h"

#include "base/civil.h"
#include "base/str.h"

#include <string.h>

enum { TEXT_BYTES = 16 << 10, WORD_BYTES = 45, LINE_CHARS = 76 };

static const char *const DAYS[] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const MONTHS[] = {"",    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void add_date(int64_t ms, struct buf *out)
{
    struct civil_date date = civil_date_at(ms, CIVIL_CHINA_MIN);
    long long second = (ms - civil_day_start_ms(date, CIVIL_CHINA_MIN)) / 1000;
    buf_addf(out, "Date: %s, %d %s %d %02lld:%02lld:%02lld +0800\r\n",
             DAYS[civil_weekday(civil_to_days(date))], date.day, MONTHS[date.month], date.year, second / 3600,
             second / 60 % 60, second % 60);
}

/* RFC 2047: words of at most 75 characters, none of them cut within a character. */
static void add_words(const char *text, size_t size_bytes, struct arena *arena, struct buf *out)
{
    for (size_t at = 0; at < size_bytes;) {
        size_t n = size_bytes - at < WORD_BYTES ? size_bytes - at : WORD_BYTES;
        while (at + n < size_bytes && ((unsigned char)text[at + n] & 0xC0) == 0x80)
            n--;
        const char *word = base64_encode(arena, text + at, n);
        buf_addf(out, "%s=?UTF-8?B?%s?=", at > 0 ? "\r\n " : "", word ? word : "");
        at += n;
    }
    buf_adds(out, "\r\n");
}

static void add_lines(const char *text, size_t size_bytes, struct arena *arena, struct buf *out)
{
    const char *whole = base64_encode(arena, text, size_bytes);
    for (size_t at = 0; whole && whole[at];) {
        size_t n = strnlen(whole + at, LINE_CHARS);
        buf_addf(out, "%.*s\r\n", (int)n, whole + at);
        at += n;
    }
}

enum errc mail_write(const struct channel *channel, const struct news *news, int64_t now_ms,
                     struct arena *arena, struct buf *out, struct err *err)
{
    struct buf subject;
    struct buf text;
    const char *at = strchr(channel->from, '@');
    buf_init(&subject, TEXT_BYTES);
    buf_init(&text, TEXT_BYTES);
    news_subject(news, channel, &subject);
    news_text(news, channel, &text);
    buf_adds(&text, "\n\n本邮件由系统自动发出，请勿回复。");
    add_date(now_ms, out);
    buf_addf(out, "From: <%s>\r\nTo: ", channel->from);
    for (uint32_t i = 0; i < channel->to.count; i++)
        buf_addf(out, "%s<%s>", i > 0 ? ",\r\n " : "", channel->to.at[i]);
    buf_addf(out, "\r\nMessage-ID: <%s.%s%s>\r\nSubject: ", news->id, channel->name, at ? at : "@fengsui");
    add_words(subject.data, subject.size_bytes, arena, out);
    buf_addf(out,
             "Auto-Submitted: auto-generated\r\n%sMIME-Version: 1.0\r\nContent-Type: text/plain; "
             "charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
             news->severity == SEVERITY_URGENT ? "Importance: high\r\nX-Priority: 1\r\n" : "");
    add_lines(text.data, text.size_bytes, arena, out);
    enum errc rc = subject.failed || text.failed ? err_set(err, ERR_LIMIT, "the news is too long for a mail")
                                                 : buf_check(out, err);
    buf_done(&subject);
    buf_done(&text);
    return rc < 0 || !arena->exhausted ? rc : err_set(err, ERR_NOMEM, "no memory for a mail");
}
