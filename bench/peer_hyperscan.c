/* peer_hyperscan PATTERNS LOG TIMES — what Hyperscan takes to find the lines of PATTERNS in a log.
 *
 * Prints CPU seconds of compiling and of one scan in blocks of 1 MiB, and how many lines had a match. It is
 * told nothing of label boundaries or fields: a second pass that a user would need is not counted.
 */
#include <hs/hs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 1 << 20 };

struct seen {
    const char *block;
    unsigned long long lines;
    const char *line_end; /* of the last line that was counted */
    const char *end;
};

static double cpu_s(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static char *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size + 1);
    if (bytes && fread(bytes, 1, *size, file) != *size)
        bytes[0] = 0;
    if (bytes)
        bytes[*size] = 0;
    (void)fclose(file);
    return bytes;
}

static int match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    struct seen *seen = context;
    const char *at = seen->block + to;
    (void)id;
    (void)from;
    (void)flags;
    if (at <= seen->line_end)
        return 0;
    seen->lines++;
    const char *stop = memchr(at, '\n', (size_t)(seen->end - at));
    seen->line_end = stop ? stop : seen->end;
    return 0;
}

static hs_database_t *compile(char *text)
{
    size_t count = 0;
    for (const char *p = text; *p; p++)
        count += *p == '\n';
    const char **patterns = calloc(count, sizeof *patterns);
    unsigned *flags = calloc(count, sizeof *flags);
    unsigned *ids = calloc(count, sizeof *ids);
    size_t *sizes = calloc(count, sizeof *sizes);
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    if (!patterns || !flags || !ids || !sizes)
        return NULL;
    char *p = text;
    for (size_t i = 0; i < count; i++) {
        char *stop = strchr(p, '\n');
        patterns[i] = p;
        sizes[i] = (size_t)(stop - p);
        ids[i] = (unsigned)i;
        p = stop + 1;
    }
    if (hs_compile_lit_multi(patterns, flags, ids, sizes, (unsigned)count, HS_MODE_BLOCK, NULL, &database,
                             &error) != HS_SUCCESS)
        (void)fprintf(stderr, "Hyperscan: %s\n", error->message);
    free(patterns);
    free(flags);
    free(ids);
    free(sizes);
    return database;
}

int main(int argc, char **argv)
{
    size_t size;
    size_t log_size;
    hs_scratch_t *scratch = NULL;
    char *text = argc == 4 ? read_all(argv[1], &size) : NULL;
    char *log = text ? read_all(argv[2], &log_size) : NULL;
    if (!log)
        return 2;
    double begun = cpu_s();
    hs_database_t *database = compile(text);
    if (!database || hs_alloc_scratch(database, &scratch) != HS_SUCCESS)
        return 1;
    double compiled = cpu_s();
    struct seen seen = {0};
    long times = strtol(argv[3], NULL, 10);
    for (long turn = 0; turn < times; turn++) {
        seen.lines = 0;
        for (size_t at = 0; at < log_size; at += BLOCK) {
            size_t n = log_size - at < BLOCK ? log_size - at : BLOCK;
            seen.block = log + at;
            seen.line_end = seen.block - 1;
            seen.end = seen.block + n;
            if (hs_scan(database, seen.block, (unsigned)n, 0, scratch, match, &seen) != HS_SUCCESS)
                return 1;
        }
    }
    (void)printf("{\"compile_cpu_s\":%.2f,\"scan_cpu_s\":%.4f,\"lines\":%llu}\n", compiled - begun,
                 (cpu_s() - compiled) / (double)(times ? times : 1), seen.lines);
    (void)hs_free_scratch(scratch);
    (void)hs_free_database(database);
    free(text);
    free(log);
    return 0;
}
