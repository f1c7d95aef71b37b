/* unit/http/browser.h — a browser before an office: it keeps the cookie and the csrf of its session. */
#ifndef UNIT_HTTP_BROWSER_H
#define UNIT_HTTP_BROWSER_H

#include "base/doc.h"
#include "base/otp.h"
#include "desk/policy.h"
#include "lib/http/office.h"

#define BROWSER_PASSWORD "Jade-Gate_2017"

/* The usual policy, but hashing costs next to nothing. */
extern const struct access_policy BROWSER_POLICY;

struct browser {
    struct office *office;
    char cookie[200]; /* "fengsui-tel-zj=fss_…"; "" = none */
    char csrf[100];
    uint8_t seed[OTP_SECRET_BYTES];
    int64_t code_step; /* of the last code shown */
    struct buf text;   /* of the last answer */
    json_t *doc;
};

void browser_init(struct browser *browser, struct office *office);
void browser_done(struct browser *browser);

/* One exchange with whatever it has; fields are whole lines. Status. */
int browser_ask(struct browser *browser, const char *method, const char *path, const char *fields,
                const char *body);
const char *browser_said(const struct browser *browser, const char *name);
bool browser_answered(const struct browser *browser, const char *part);

/* The first run: names a-operator, a-security, a-auditor, all with BROWSER_PASSWORD. */
void browser_setup(struct browser *browser);
/* Logs in with BROWSER_PASSWORD. */
int browser_log_in(struct browser *browser, const char *name);
/* Enrols an authenticator; the session is confirmed then. */
void browser_enrol(struct browser *browser);
/* A code that was not shown yet. */
void browser_code(struct browser *browser, char out[OTP_CODE_SIZE]);

#endif
