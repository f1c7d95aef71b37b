#include "main/demo_play.h"

#include "base/env.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_MAX = 200, TOLD_SIZE = 400 };

struct name {
    const char *name;
    char id[UUID_TEXT_SIZE];
};

struct play {
    const struct demo_world *world;
    struct demo_result *result;
    struct name names[NAMES_MAX];
    size_t count;
};

static const char *id_of(const struct play *play, const char *name)
{
    for (size_t i = 0; name && i < play->count; i++)
        if (streq(play->names[i].name, name))
            return play->names[i].id;
    return NULL;
}

static void remember(struct play *play, const char *name, const char *id)
{
    if (!name || play->count == NAMES_MAX || !uuid_valid(id))
        return;
    play->names[play->count].name = name;
    memcpy(play->names[play->count].id, id, UUID_TEXT_SIZE);
    play->count++;
}

static bool as_expected(const struct demo_refusal *refused, enum errc rc, const struct err *err)
{
    if (!refused)
        return rc >= 0;
    return rc < 0 && streq(errc_info(rc)->slug, refused->code) &&
           (!refused->clause || streq(err->clause, refused->clause));
}

static bool play_act(struct play *play, const struct demo_step *step, char *told)
{
    struct err err = {0};
    char id[UUID_TEXT_SIZE] = "";
    enum errc rc = play->world->act(play->world->context, step, id_of(play, step->about),
                                    id_of(play, step->under), id, &err);
    bool good = as_expected(step->refused, rc, &err);
    if (rc < 0)
        (void)snprintf(told, TOLD_SIZE, "[%s%s%s] %.300s", errc_info(rc)->slug, *err.clause ? " §" : "",
                       err.clause, err.message);
    else
        remember(play, step->as, id);
    play->result->acts += good && !step->refused;
    play->result->refusals += good && step->refused;
    return good;
}

static bool play_control(struct play *play, const struct demo_step *step, char *told)
{
    struct err err = {0};
    bool good = play->world->control(play->world->context, step->control, &err) >= 0;
    if (!good)
        (void)snprintf(told, TOLD_SIZE, "%.300s", err.message);
    play->result->controls += good;
    return good;
}

static bool matter_is(const struct demo_wait *wait, json_t *seen)
{
    const json_t *state = json_object_get(seen, "state");
    const char *name = json_is_object(state) ? json_string_value(json_object_get(state, "name"))
                                             : json_string_value(state);
    if (wait->state && !streq(name, wait->state))
        return false;
    if (wait->owner && !streq(json_string_value(json_object_get(seen, "owner")), wait->owner))
        return false;
    return !wait->offered || json_object_get(json_object_get(seen, "doc"), "transfer");
}

static bool come_true(struct play *play, const struct demo_wait *wait)
{
    const struct demo_world *world = play->world;
    if (wait->duty) {
        const char *root = id_of(play, wait->of);
        return root && streq(world->duty(world->context, wait->node, wait->duty, root), wait->state);
    }
    const char *id = id_of(play, wait->matter);
    json_t *seen = id ? world->matter(world->context, wait->node, id) : NULL;
    bool is = seen && matter_is(wait, seen);
    json_decref(seen);
    return is;
}

static bool play_wait(struct play *play, const struct demo_wait *wait, char *told)
{
    for (int tries = 0;; tries++) {
        if (come_true(play, wait)) {
            play->result->waits++;
            return true;
        }
        if (!play->world->patience(play->world->context, tries))
            break;
    }
    (void)snprintf(told, TOLD_SIZE, "%s 没有等到", wait->node);
    return false;
}

static bool play_step(struct play *play, const struct demo_step *step, char *told)
{
    if (step->wait)
        return play_wait(play, step->wait, told);
    return step->control ? play_control(play, step, told) : play_act(play, step, told);
}

void demo_play(const struct demo_script *script, const struct demo_world *world, struct demo_result *out)
{
    struct play play = {.world = world, .result = out};
    *out = (struct demo_result){0};
    for (uint32_t c = 0; c < script->chapters_count; c++) {
        const struct demo_chapter *chapter = &script->chapters[c];
        world->chapter(world->context, chapter);
        for (uint32_t s = 0; s < chapter->steps_count; s++) {
            const struct demo_step *step = &chapter->steps[s];
            char told[TOLD_SIZE] = "";
            bool good = play_step(&play, step, told);
            out->failed += !good;
            world->step(world->context, step, good, told);
        }
    }
}
