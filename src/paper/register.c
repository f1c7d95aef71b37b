#include "paper/register.h"

#include "paper/speak.h"

enum { CELL_BYTES = 1 << 16 };

static const char *cell_text(const struct paper_facts *facts, const char *field, struct arena *arena)
{
    const struct speech speech = {.facts = facts};
    struct buf said;
    buf_init(&said, CELL_BYTES);
    const char *name = arena_printf(arena, "matter.%s", field);
    bool spoke = name && speak_name(&speech, name, &said);
    const char *text = spoke ? arena_strndup(arena, said.data, said.size_bytes) : NULL;
    buf_done(&said);
    return text;
}

enum errc register_table(const struct paper_facts *facts, const struct register_row *row,
                         const struct subject *matters, size_t count, struct arena *arena,
                         struct xlsx_table *out, struct err *err)
{
    size_t width = row->columns_count;
    struct xlsx_column *columns = arena_array(arena, width, sizeof *columns);
    struct xlsx_cell *cells = arena_array(arena, width * count, sizeof *cells);
    for (size_t i = 0; columns && i < width; i++)
        columns[i] = (struct xlsx_column){row->columns[i].zh, (int)row->columns[i].width};
    for (size_t i = 0; cells && i < count; i++) {
        struct paper_facts one = *facts;
        one.matter = one.root = &matters[i];
        for (size_t j = 0; j < width; j++)
            cells[i * width + j].text = cell_text(&one, row->columns[j].field, arena);
    }
    if (arena->exhausted)
        return err_set(err, ERR_NOMEM, "no memory for the register; ask for fewer matters");
    *out = (struct xlsx_table){
        .name = row->zh, .columns = columns, .column_count = width, .cells = cells, .row_count = count};
    return ERR_OK;
}
