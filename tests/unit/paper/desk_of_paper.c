#include "unit/paper/desk_of_paper.h"

#include "lib/check.h"
#include "lib/files.h"

#include <string.h>

const char PAPER_REPORT[] =
    "{\"title\":\"六省用户无法正常上网\",\"occurred\":\"2009-05-19T21:50:00+08:00\","
    "\"scope\":\"浙江等六省\\n其中浙江最重\",\"harm\":\"大量用户无法上网\",\"measures\":\"切换解析\","
    "\"advice\":\"请协调\",\"region\":\"330000\",\"regions\":[\"320000\",\"330000\"],\"channel\":\"phone\","
    "\"told_to\":\"部值班室\"}";
const char PAPER_WARNING[] =
    "{\"title\":\"勒索病毒预警\",\"colour\":\"yellow\",\"starts\":\"2009-05-19T22:00:00+08:00\","
    "\"scope\":\"全省 <内网> & 外网\",\"harm\":\"数据丢失\",\"precautions\":\"关闭445端口\","
    "\"time_limit\":\"立即\",\"issuer\":\"浙江省通信管理局\",\"hotline\":\"0571-0000\","
    "\"regions\":[\"330000\"]}";

static json_t *parse(const char *text)
{
    struct err err;
    json_t *doc = NULL;
    assert_ok(doc_parse_object(text, strlen(text), &doc, &err), &err);
    return doc;
}

void paper_desk_open(struct desk_of_paper *desk, const char *kind, const char *type, const char *body,
                     const char *doc)
{
    static const char *TO[] = {"miit", "pca-330000"};
    struct err err;
    memset(desk, 0, sizeof *desk);
    law_open(&desk->law);
    struct embed_set files = folder_set("documents");
    assert_ok(papers_load(&files, desk->law.catalogue, &desk->papers, &err), &err);
    folder_set_free(&files);
    arena_init(&desk->arena, 16 << 20);
    desk->cards[0] = (struct node_card){.id = "miit", .name = "部应急办", .tier = TIER_MINISTRY};
    desk->cards[1] = (struct node_card){
        .id = "pca-330000", .name = "浙江省通信管理局", .tier = TIER_PROVINCE};
    desk->cards[2] = (struct node_card){.id = "tel-zj", .name = "浙江电信", .tier = TIER_ENTERPRISE};
    directory_init(&desk->dir, desk->cards, 3);
    desk->act = (struct act){.id = ACT_ID,
                             .universe = "real",
                             .node = "tel-zj",
                             .seq = 12,
                             .kind = kind,
                             .person = "张三",
                             .post = "值班员",
                             .happened_ms = INT64_C(1242741600000),
                             .recorded_ms = INT64_C(1242741600000),
                             .to = TO,
                             .to_count = 2,
                             .body = parse(body)};
    desk->matter = (struct subject){.id = "0190f1c2-0000-7000-8000-000000000002",
                                    .type = type,
                                    .root = "0190f1c2-0000-7000-8000-000000000002",
                                    .state = "reported",
                                    .owner = "tel-zj",
                                    .region = "330000",
                                    .level = LEVEL_II,
                                    .colour = COLOUR_YELLOW,
                                    .title = "六省用户无法正常上网",
                                    .opened_ms = INT64_C(1242741600000),
                                    .updated_ms = INT64_C(1242741600000),
                                    .doc = parse(doc)};
    desk->root = desk->matter;
    desk->facts = (struct paper_facts){desk->papers,  desk->law.catalogue, desk->law.packs, &desk->dir,
                                       &desk->matter, &desk->root,         &desk->act};
}

void paper_desk_close(struct desk_of_paper *desk)
{
    json_decref(desk->act.body);
    json_decref(desk->matter.doc);
    arena_done(&desk->arena);
    papers_free(desk->papers);
    law_close(&desk->law);
}
