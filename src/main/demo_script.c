#include "main/demo_script.h"

#include "base/str.h"
#include "base/yamldoc.h"

#include <stdlib.h>

struct country {
    struct demo_node *nodes;
    uint32_t nodes_count;
};

struct scenario {
    struct demo_chapter *chapters;
    uint32_t chapters_count;
};

struct demo_files {
    struct country *country;
    struct scenario *scenario;
};

static const cyaml_schema_field_t NODE_FIELDS[] = {
    YAML_TEXT("id", struct demo_node, id),
    YAML_TEXT("name", struct demo_node, name),
    YAML_TEXT("tier", struct demo_node, tier),
    YAML_TEXT("region", struct demo_node, region),
    YAML_TEXT_OPTIONAL("parent", struct demo_node, parent),
    YAML_BOOL_OPTIONAL("large", struct demo_node, large),
    YAML_LIST("roles", struct demo_node, roles, &YAML_NAME),
    YAML_END,
};
static const cyaml_schema_value_t NODE_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct demo_node, NODE_FIELDS),
};
static const cyaml_schema_field_t COUNTRY_FIELDS[] = {
    YAML_LIST("nodes", struct country, nodes, &NODE_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t COUNTRY_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct country, COUNTRY_FIELDS),
};

static const cyaml_schema_field_t REFUSAL_FIELDS[] = {
    YAML_TEXT("code", struct demo_refusal, code),
    YAML_TEXT_OPTIONAL("clause", struct demo_refusal, clause),
    YAML_END,
};
static const cyaml_schema_field_t WAIT_FIELDS[] = {
    YAML_TEXT("node", struct demo_wait, node),
    YAML_TEXT_OPTIONAL("matter", struct demo_wait, matter),
    YAML_TEXT_OPTIONAL("state", struct demo_wait, state),
    YAML_TEXT_OPTIONAL("owner", struct demo_wait, owner),
    YAML_BOOL_OPTIONAL("offered", struct demo_wait, offered),
    YAML_TEXT_OPTIONAL("duty", struct demo_wait, duty),
    YAML_TEXT_OPTIONAL("of", struct demo_wait, of),
    YAML_END,
};
static const cyaml_schema_field_t STEP_FIELDS[] = {
    YAML_TEXT_OPTIONAL("node", struct demo_step, node),
    YAML_TEXT_OPTIONAL("act", struct demo_step, act),
    YAML_TEXT_OPTIONAL("as", struct demo_step, as),
    YAML_TEXT_OPTIONAL("about", struct demo_step, about),
    YAML_TEXT_OPTIONAL("under", struct demo_step, under),
    YAML_TEXT_OPTIONAL("body", struct demo_step, body),
    YAML_TEXT_OPTIONAL("control", struct demo_step, control),
    CYAML_FIELD_MAPPING_PTR("refused", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct demo_step, refused,
                            REFUSAL_FIELDS),
    CYAML_FIELD_MAPPING_PTR("wait", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct demo_step, wait,
                            WAIT_FIELDS),
    YAML_TEXT("zh", struct demo_step, zh),
    YAML_END,
};
static const cyaml_schema_value_t STEP_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct demo_step, STEP_FIELDS),
};
static const cyaml_schema_field_t CHAPTER_FIELDS[] = {
    YAML_TEXT("zh", struct demo_chapter, zh),
    YAML_TEXT("en", struct demo_chapter, en),
    YAML_LIST("steps", struct demo_chapter, steps, &STEP_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t CHAPTER_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct demo_chapter, CHAPTER_FIELDS),
};
static const cyaml_schema_field_t SCENARIO_FIELDS[] = {
    YAML_LIST("chapters", struct scenario, chapters, &CHAPTER_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t SCENARIO_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct scenario, SCENARIO_FIELDS),
};

static bool has_node(const struct demo_script *script, const char *id)
{
    for (uint32_t i = 0; i < script->nodes_count; i++)
        if (streq(script->nodes[i].id, id))
            return true;
    return false;
}

/* A step acts or waits on nodes of the country; a name is given before it is used. */
static enum errc check_step(const struct demo_script *script, const struct demo_step *step, struct err *err)
{
    const char *node = step->wait ? step->wait->node : step->node;
    if ((step->act != NULL) + (step->wait != NULL) + (step->control != NULL) != 1)
        return err_field(err, ERR_INVALID, step->zh, "a step acts, waits, or is a control");
    if (step->control)
        return ERR_OK;
    if (!has_node(script, node))
        return err_field(err, ERR_INVALID, step->zh, "there is no node '%s'", node ? node : "");
    if (step->wait && !step->wait->matter && !step->wait->duty)
        return err_field(err, ERR_INVALID, step->zh, "wait for a matter or for a duty");
    return ERR_OK;
}

static enum errc load(const struct embed_set *set, const char *path, const cyaml_schema_value_t *schema,
                      void **out, struct err *err)
{
    const struct embed_file *file = embed_find(set, path);
    if (!file)
        return err_field(err, ERR_NOT_FOUND, path, "this file of the demonstration is not there");
    enum errc rc = yamldoc_load(path, file->bytes, file->size_bytes, schema, out, err);
    return rc >= 0 && !*out ? err_field(err, ERR_SYNTAX, path, "the file holds nothing") : rc;
}

enum errc demo_script_load(const struct embed_set *set, struct demo_files **out_files,
                           struct demo_script *out, struct err *err)
{
    struct demo_files *files = calloc(1, sizeof *files);
    void *country = NULL;
    void *scenario = NULL;
    if (!files)
        return err_set(err, ERR_NOMEM, "no memory for the demonstration");
    enum errc rc = load(set, "country.yaml", &COUNTRY_VALUE, &country, err);
    files->country = country;
    if (rc >= 0)
        rc = load(set, "scenario.yaml", &SCENARIO_VALUE, &scenario, err);
    files->scenario = scenario;
    struct demo_script script = {0};
    if (rc >= 0)
        script = (struct demo_script){files->country->nodes, files->country->nodes_count,
                                      files->scenario->chapters, files->scenario->chapters_count};
    for (uint32_t c = 0; rc >= 0 && c < script.chapters_count; c++)
        for (uint32_t s = 0; rc >= 0 && s < script.chapters[c].steps_count; s++)
            rc = check_step(&script, &script.chapters[c].steps[s], err);
    if (rc < 0) {
        demo_script_free(files);
        return rc;
    }
    *out_files = files;
    *out = script;
    return ERR_OK;
}

void demo_script_free(struct demo_files *files)
{
    if (!files)
        return;
    yamldoc_free(&COUNTRY_VALUE, files->country);
    yamldoc_free(&SCENARIO_VALUE, files->scenario);
    free(files);
}
