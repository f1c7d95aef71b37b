#include "unit/desk/crew.h"

#include "lib/check.h"
#include "store/acts.h"

#include <string.h>

void crew_open(struct crew *crew)
{
    *crew = (struct crew){.policy = ACCESS_POLICY};
    world_open(&crew->world);
    world_people(&crew->world);
    crew->desk = world_node(&crew->world, "tel-zj")->desk;
    crew->store = world_node(&crew->world, "tel-zj")->store;
    crew->policy.cost = (struct password_cost){.memory_kib = 8, .passes = 1};
    arena_init(&crew->arena, 16 << 20);
    assert_ok(password_hash(CREW_PASSWORD, &crew->policy.cost, &crew->world.env, crew->hash, &crew->err),
              &crew->err);
}

void crew_close(struct crew *crew)
{
    arena_done(&crew->arena);
    world_close(&crew->world);
}

void crew_setup(struct crew *crew)
{
    static const char *const NAMES[PEOPLE_ADMINISTRATORS] = {"a-operator", "a-security", "a-auditor"};
    struct one_time_code code;
    assert_ok(people_setup_code(crew->desk, &crew->policy, &code, &crew->err), &crew->err);
    for (size_t i = 0; i < PEOPLE_ADMINISTRATORS; i++)
        crew->admins[i] = (struct administrator){.role = PEOPLE_ADMINISTRATOR_ROLES[i],
                                                 .name = NAMES[i],
                                                 .person = NAMES[i],
                                                 .password = crew->hash};
    assert_ok(people_setup(crew->desk, &crew->policy, code.text, crew->admins, &crew->err), &crew->err);
}

enum errc crew_log_in(struct crew *crew, const char *name, const char *password, const char *code,
                      struct session_made *out)
{
    struct login login = {.name = name, .password = password, .code = code, .address = "10.0.0.1"};
    struct login_proof proof;
    bool last = false;
    int64_t wait_ms = 0;
    enum errc rc = login_gate(crew->store, &login, crew->world.now_ms, &wait_ms, &crew->err);
    if (rc >= 0)
        rc = login_count(crew->desk, &crew->policy, &login, &last, &wait_ms, &crew->err);
    if (rc < 0)
        return rc;
    rc = login_prove(crew->store, &crew->policy, &login, crew->world.now_ms, &crew->arena, &proof,
                     &crew->err);
    if (rc == ERR_AUTH && last) {
        struct err err;
        assert_ok(login_lock(crew->desk, &login, &err), &err);
    }
    return rc < 0 ? rc : login_open(crew->desk, &login, &proof, out, &crew->err);
}

enum errc crew_seat(struct crew *crew, const char *secret, struct seat *out)
{
    return session_check(crew->store, &crew->policy, secret, crew->world.now_ms, &crew->arena, out,
                         &crew->err);
}

enum errc crew_try(struct crew *crew, const char *kind, const char *subject, const char *body,
                   struct submission *out)
{
    return world_act(&crew->world, "tel-zj", kind, subject, NULL, body, out);
}

void crew_act(struct crew *crew, const char *kind, const char *subject, const char *body,
              char out[UUID_TEXT_SIZE])
{
    struct submission sub;
    assert_ok(crew_try(crew, kind, subject, body, &sub), &sub.err);
    if (out)
        memcpy(out, sub.made, UUID_TEXT_SIZE);
}

static struct stored_act at(struct crew *crew, int64_t pos)
{
    struct stored_act act;
    assert_ok(acts_at(crew->store, pos, &crew->arena, &act, &crew->err), &crew->err);
    return act;
}

size_t crew_acts(struct crew *crew, const char *kind)
{
    char wanted[100];
    size_t count = 0;
    (void)snprintf(wanted, sizeof wanted, "\"kind\":\"%s\"", kind);
    for (int64_t pos = 0; pos < acts_count(crew->store); pos++) {
        struct stored_act act = at(crew, pos);
        count += memmem(act.act.bytes, act.act.size_bytes, wanted, strlen(wanted)) != NULL;
    }
    return count;
}

bool crew_told(struct crew *crew, const char *text)
{
    for (int64_t pos = 0; pos < acts_count(crew->store); pos++) {
        struct stored_act act = at(crew, pos);
        if (memmem(act.act.bytes, act.act.size_bytes, text, strlen(text)) ||
            memmem(act.annex, act.annex_bytes, text, strlen(text)))
            return true;
    }
    return false;
}
