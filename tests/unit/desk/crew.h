/* unit/desk/crew.h — a node with its three administrators, and logins at it, for the tests of access. */
#ifndef UNIT_DESK_CREW_H
#define UNIT_DESK_CREW_H

#include "desk/login.h"
#include "desk/people.h"
#include "lib/world.h"

#define CREW_PASSWORD "Jade-Gate_2017"

struct crew {
    struct world world;
    struct desk *desk;
    struct store *store;
    struct access_policy policy;                        /* hashing costs next to nothing */
    struct administrator admins[PEOPLE_ADMINISTRATORS]; /* a-operator, a-security, a-auditor */
    char hash[PASSWORD_TEXT_SIZE];                      /* of CREW_PASSWORD */
    struct arena arena;
    struct err err;
};

void crew_open(struct crew *crew);
void crew_close(struct crew *crew);
/* The first run. */
void crew_setup(struct crew *crew);

/* The way in, step by step, as http goes it. */
enum errc crew_log_in(struct crew *crew, const char *name, const char *password, const char *code,
                      struct session_made *out);
/* Whoever has this secret now. */
enum errc crew_seat(struct crew *crew, const char *secret, struct seat *out);
/* An act by that person's hand, without limits; the id of its matter. */
void crew_act(struct crew *crew, const char *kind, const char *subject, const char *body,
              char out[UUID_TEXT_SIZE]);
enum errc crew_try(struct crew *crew, const char *kind, const char *subject, const char *body,
                   struct submission *out);
/* How many acts of that kind are on the record. */
size_t crew_acts(struct crew *crew, const char *kind);
/* Whether some text occurs in any act on the record. */
bool crew_told(struct crew *crew, const char *text);

#endif
