/* desk/people.h — accounts beside the acts about them: first run, one-time codes, passwords, locks.
 *
 *   first run   code ─► three administrators (系统, 安全, 审计), each with a password or a one-time code
 *   a new user  user.added (an act) ─► people_code ─► the person takes the code and chooses a password
 *   a reset     people_code again: the old password, authenticator and sessions are gone
 *
 * Acts tell that it happened, never the secret. Roles that must watch each other stay apart: a person has
 * posts of one administrator's role at most, and then none of an officer.
 *
 * Layer    desk.
 * Owns     nothing.
 * Threads  the writer's, except people_code_check (any, with a store of its own).
 * Errors   ERR_AUTH for whatever is wrong with a code, in the same words; ERR_INVALID naming the field;
 *          ERR_CONFLICT a login name is taken, or the first run is over.
 * Tests    tests/unit/desk/test_people.c
 */
#ifndef DESK_PEOPLE_H
#define DESK_PEOPLE_H

#include "desk/desk.h"
#include "desk/policy.h"

enum { PEOPLE_CODE_SIZE = 24, PEOPLE_ADMINISTRATORS = 3, PEOPLE_NAME_MAX = 32 };

/* "operator", "security", "auditor". */
extern const char *const PEOPLE_ADMINISTRATOR_ROLES[PEOPLE_ADMINISTRATORS];

struct one_time_code {
    char text[PEOPLE_CODE_SIZE]; /* "ABCDE-FGHIJ-KLMNO-PQRST"; told once */
    int64_t expires_ms;
};

/* Whether nobody can log in yet. Any thread. */
MUST_USE enum errc people_first_run(struct store *store, bool *out, struct err *err);
/* A new code of the first run; the one before is no longer good. */
MUST_USE enum errc people_setup_code(struct desk *desk, const struct access_policy *policy,
                                     struct one_time_code *out, struct err *err);

struct administrator {
    const char *role;
    const char *name;     /* for logging in */
    const char *person;   /* 张三 */
    const char *password; /* argon2id text; NULL = a code is made */
    char user[UUID_TEXT_SIZE];
    struct one_time_code code; /* answer; text "" where a password was given */
};

/* With the code of the first run: the three, their posts, their acts. */
MUST_USE enum errc people_setup(struct desk *desk, const struct access_policy *policy, const char *code,
                                struct administrator admins[PEOPLE_ADMINISTRATORS], struct err *err);

/* Who does it, for the act. */
struct people_by {
    const char *person;
    const char *post;
    const char *reason;
};

/* A one-time code for the person; everything the account had is no longer good. */
MUST_USE enum errc people_code(struct desk *desk, const struct access_policy *policy, const char *user,
                               const struct people_by *by, struct one_time_code *out, struct err *err);
MUST_USE enum errc people_unlock(struct desk *desk, const char *user, const struct people_by *by,
                                 struct err *err);

/* Is it this person's code? Reads only. */
MUST_USE enum errc people_code_check(struct store *store, const char *name, const char *code, int64_t now_ms,
                                     struct arena *arena, struct account *out, struct err *err);
/* The code is used up, the password (argon2id text) holds. */
MUST_USE enum errc people_activate(struct desk *desk, const char *name, const char *code,
                                   const char *password, struct err *err);

/* Called with every act as it is folded: makes the account of a new user, keeps roles apart. */
MUST_USE enum errc people_apply(struct desk *desk, const struct act *act, struct arena *arena,
                                struct err *err);

/* Within an open batch: an act about a user by that hand. body is consumed. */
MUST_USE enum errc people_tell(struct desk *desk, const char *kind, const char *user, const char *person,
                               const char *post, json_t *body, struct err *err);
/* The key of attempts for a login name. */
MUST_USE enum errc people_attempts_key(const char *name, char out[HASH_TEXT_SIZE + 8], struct err *err);

/* Within an open batch: its failed logins are forgotten. */
MUST_USE enum errc people_clear(struct store *store, const char *name, struct err *err);

#endif
