#include "paper/cap.h"

#include "base/civil.h"
#include "base/str.h"
#include "paper/compose.h"
#include "paper/speak.h"
#include "paper/xml.h"

#include <string.h>

enum { FIELD_BYTES = 1 << 20, STAMP_SIZE = 32 };

/* Colour to the standard's own words. */
static const struct {
    const char *severity;
    const char *urgency;
} GRAVITY[] = {
    [COLOUR_NONE] = {"Unknown", "Unknown"},    [COLOUR_RED] = {"Extreme", "Immediate"},
    [COLOUR_ORANGE] = {"Severe", "Immediate"}, [COLOUR_YELLOW] = {"Moderate", "Expected"},
    [COLOUR_BLUE] = {"Minor", "Expected"},
};

struct alert {
    struct speech speech;
    struct buf *out;
};

/* "2009-05-19T21:50:00+08:00": the standard takes no fractions. */
static const char *stamp(int64_t ms, char out[STAMP_SIZE])
{
    char whole[CIVIL_TIME_SIZE];
    civil_format_time(ms, CIVIL_CHINA_MIN, whole);
    (void)snprintf(out, STAMP_SIZE, "%.19s%s", whole, whole + 23);
    return out;
}

static void say(struct alert *alert, const char *name, const char *text)
{
    struct buf said;
    buf_init(&said, FIELD_BYTES);
    if (text && speak(&alert->speech, text, &said))
        xml_element(alert->out, name, said.data);
    buf_done(&said);
}

static const char *status_of(const struct paper_facts *facts)
{
    const char *label = compose_label(facts);
    const struct paper_house *house = papers_house(facts->papers);
    return !label ? "Actual" : label == house->drill_label ? "Exercise" : "Test";
}

static void write_head(struct alert *alert, const struct act *original)
{
    const struct paper_facts *facts = alert->speech.facts;
    const struct paper_cap *cap = alert->speech.row->cap;
    const struct act *act = facts->act;
    char sent[STAMP_SIZE];
    xml_element(alert->out, "identifier", act->id);
    xml_element(alert->out, "sender", act->node);
    xml_element(alert->out, "sent", stamp(act->recorded_ms, sent));
    xml_element(alert->out, "status", status_of(facts));
    xml_element(alert->out, "msgType", cap->kind ? cap->kind : "Alert");
    xml_element(alert->out, "scope", "Public");
    if (original)
        buf_addf(alert->out, "<references>%s,%s,%s</references>", original->node, original->id,
                 stamp(original->recorded_ms, sent));
}

static const json_t *regions(const struct alert *alert)
{
    const struct paper_facts *facts = alert->speech.facts;
    const struct names *names = &alert->speech.row->cap->regions;
    for (uint32_t i = 0; i < names->count; i++) {
        const json_t *of_act = json_object_get(facts->act->body, names->at[i]);
        const json_t *found = of_act ? of_act : json_object_get(facts->matter->doc, names->at[i]);
        if (found)
            return found;
    }
    return NULL;
}

static void write_code(struct alert *alert, const char *code)
{
    buf_adds(alert->out, "<geocode><valueName>GB/T 2260</valueName>");
    xml_element(alert->out, "value", code);
    buf_adds(alert->out, "</geocode>");
}

static void write_area(struct alert *alert)
{
    const json_t *found = regions(alert);
    size_t i;
    json_t *code;
    buf_adds(alert->out, "<area>");
    say(alert, "areaDesc", alert->speech.row->cap->area);
    if (json_is_string(found))
        write_code(alert, json_string_value(found));
    json_array_foreach(found, i, code)
    {
        write_code(alert, json_string_value(code));
    }
    buf_adds(alert->out, "</area>");
}

static void write_info(struct alert *alert)
{
    const struct paper_facts *facts = alert->speech.facts;
    const struct paper_cap *cap = alert->speech.row->cap;
    const json_t *own = json_object_get(facts->act->body, "colour");
    enum colour colour = own ? colour_parse(json_string_value(own)) : facts->matter->colour;
    const char *starts = json_string_value(json_object_get(facts->act->body, "starts"));
    int64_t starts_ms = 0;
    char text[STAMP_SIZE];
    buf_adds(alert->out, "<info><language>zh-CN</language><category>Infra</category>");
    say(alert, "event", cap->event);
    xml_element(alert->out, "urgency", GRAVITY[colour].urgency);
    xml_element(alert->out, "severity", GRAVITY[colour].severity);
    buf_adds(alert->out, "<certainty>Likely</certainty>");
    if (starts && civil_parse_time(starts, &starts_ms, NULL) == ERR_OK)
        xml_element(alert->out, "effective", stamp(starts_ms, text));
    say(alert, "senderName", "{act.node}");
    say(alert, "headline", cap->headline);
    say(alert, "description", cap->description);
    say(alert, "instruction", cap->instruction);
    say(alert, "contact", cap->contact);
    buf_addf(alert->out, "<parameter><valueName>colour</valueName><value>%s</value></parameter>",
             colour_name(colour));
    write_area(alert);
    buf_adds(alert->out, "</info>");
}

enum errc cap_write(const struct paper_facts *facts, const struct paper_row *row, const struct act *original,
                    struct buf *out, struct err *err)
{
    struct alert alert = {.speech = {.facts = facts, .row = row}, .out = out};
    if (!row->cap)
        return err_field(err, ERR_UNSUPPORTED, "format", "the document %s is no warning: it has no CAP form",
                         row->document);
    buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">");
    write_head(&alert, original);
    write_info(&alert);
    buf_adds(out, "</alert>\n");
    return buf_check(out, err);
}
