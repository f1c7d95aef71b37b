#include "unit/http/browser.h"

#include "desk/people.h"
#include "lib/check.h"
#include "lib/http/serving.h"

#include <string.h>

const struct access_policy BROWSER_POLICY = {
    .cost = {.memory_kib = 8, .passes = 1},
    .password_chars_min = 10,
    .password_chars_max = 128,
    .password_classes_min = 3,
    .password_former = 5,
    .password_ms = INT64_C(90) * 86400000,
    .failures_name_max = 5,
    .failures_address_max = 100,
    .failures_window_ms = 600000,
    .lock_ms = 1800000,
    .idle_lock_ms = 600000,
    .idle_end_ms = 1800000,
    .session_ms = 43200000,
    .confirm_ms = 300000,
    .setup_ms = 900000,
    .code_ms = 86400000,
    .unused_ms = INT64_C(90) * 86400000,
};

void browser_init(struct browser *browser, struct office *office)
{
    *browser = (struct browser){.office = office};
    buf_init(&browser->text, 8 << 20);
}

void browser_done(struct browser *browser)
{
    json_decref(browser->doc);
    buf_done(&browser->text);
}

/* What the answer sets is kept, as a browser does. */
static void keep_cookie(struct browser *browser)
{
    static const char FIELD[] = "\r\nSet-Cookie: ";
    const char *at = strstr(browser->text.data, FIELD);
    if (!at)
        return;
    at += sizeof FIELD - 1;
    size_t n = strcspn(at, ";\r");
    assert_true(n < sizeof browser->cookie);
    memcpy(browser->cookie, at, n);
    browser->cookie[n] = '\0';
    assert_non_null(strstr(at, "; Path=/; HttpOnly; SameSite=Strict"));
    if (browser->cookie[n - 1] == '=')
        browser->cookie[0] = '\0';
}

static void keep_csrf(struct browser *browser)
{
    const char *csrf = json_string_value(json_object_get(browser->doc, "csrf"));
    if (csrf)
        (void)snprintf(browser->csrf, sizeof browser->csrf, "%s", csrf);
}

int browser_ask(struct browser *browser, const char *method, const char *path, const char *fields,
                const char *body)
{
    struct buf request;
    struct err err;
    buf_init(&request, 1 << 20);
    buf_addf(&request, "%s %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n", method, path);
    if (*browser->cookie)
        buf_addf(&request, "Cookie: other=1; %s\r\n", browser->cookie);
    if (*browser->csrf && !strstr(fields, "X-CSRF-Token"))
        buf_addf(&request, "X-CSRF-Token: %s\r\n", browser->csrf);
    if (body)
        buf_addf(&request, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
    buf_addf(&request, "%s\r\n%s", fields, body ? body : "");
    int status = client_once(office_port(browser->office), request.data, request.size_bytes, &browser->text);
    buf_done(&request);
    json_decref(browser->doc);
    browser->doc = NULL;
    const char *start = strstr(browser->text.data, "\r\n\r\n") + 4;
    if (*start == '{')
        assert_ok(doc_parse(start, strlen(start), &browser->doc, &err), &err);
    keep_cookie(browser);
    keep_csrf(browser);
    return status;
}

const char *browser_said(const struct browser *browser, const char *name)
{
    const char *text = json_string_value(json_object_get(browser->doc, name));
    return text ? text : "";
}

bool browser_answered(const struct browser *browser, const char *part)
{
    return strstr(browser->text.data, part) != NULL;
}

static enum errc make_code(void *context, struct desk *desk, struct err *err)
{
    return people_setup_code(desk, &BROWSER_POLICY, context, err);
}

void browser_setup(struct browser *browser)
{
    struct one_time_code code;
    char body[800];
    office_run(browser->office, make_code, &code);
    (void)snprintf(body, sizeof body,
                   "{\"code\":\"%s\",\"administrators\":["
                   "{\"role\":\"operator\",\"name\":\"a-operator\",\"person\":\"甲\",\"password\":\"%s\"},"
                   "{\"role\":\"security\",\"name\":\"a-security\",\"person\":\"乙\",\"password\":\"%s\"},"
                   "{\"role\":\"auditor\",\"name\":\"a-auditor\",\"person\":\"丙\",\"password\":\"%s\"}]}",
                   code.text, BROWSER_PASSWORD, BROWSER_PASSWORD, BROWSER_PASSWORD);
    if (browser_ask(browser, "POST", "/api/v1/setup", "", body) != 201)
        fail_msg("%s", browser->text.data);
}

int browser_log_in(struct browser *browser, const char *name)
{
    char body[200];
    (void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"password\":\"%s\"}", name, BROWSER_PASSWORD);
    return browser_ask(browser, "POST", "/api/v1/session", "", body);
}

static void read_seed(const char *text, uint8_t out[OTP_SECRET_BYTES])
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint64_t bits = 0;
    size_t n = 0;
    for (size_t i = 0; text[i]; i++) {
        bits = (bits << 5) | (uint64_t)(strchr(DIGITS, text[i]) - DIGITS);
        if (i % 8 != 7)
            continue;
        for (int shift = 32; shift >= 0; shift -= 8)
            out[n++] = (uint8_t)(bits >> shift);
    }
    assert_int_equal(n, OTP_SECRET_BYTES);
}

/* Codes of the step before, of this one, of the one behind: three acts without waiting. */
void browser_code(struct browser *browser, char out[OTP_CODE_SIZE])
{
    struct err err;
    int64_t now = otp_step(env_now_ms(&ENV_REAL));
    browser->code_step = browser->code_step < now - 1 ? now - 1 : browser->code_step + 1;
    assert_ok(otp_code(browser->seed, browser->code_step, out, &err), &err);
}

void browser_enrol(struct browser *browser)
{
    char code[OTP_CODE_SIZE];
    char body[50];
    assert_int_equal(browser_ask(browser, "POST", "/api/v1/session/totp", "", NULL), 201);
    read_seed(browser_said(browser, "secret"), browser->seed);
    browser_code(browser, code);
    (void)snprintf(body, sizeof body, "{\"code\":\"%s\"}", code);
    if (browser_ask(browser, "POST", "/api/v1/session/totp/confirmation", "", body) != 200)
        fail_msg("%s", browser->text.data);
}
