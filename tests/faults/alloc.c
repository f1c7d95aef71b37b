#include "faults/alloc.h"

#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static struct {
    int64_t fail_at;
    bool persistent;
    int64_t count;
    int64_t failed;
} alloc;

static bool refuse(void)
{
    alloc.count++;
    bool no = alloc.fail_at > 0 &&
              (alloc.persistent ? alloc.count >= alloc.fail_at : alloc.count == alloc.fail_at);
    alloc.failed += no;
    return no;
}

void *__wrap_malloc(size_t size)
{
    return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuse() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return refuse() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return refuse() ? NULL : __real_strdup(text);
}

/* SQLite asks for the size of a block: it is kept before it. */
enum { HEAD_BYTES = 16 };

static void *sized_malloc(int size)
{
    char *block = refuse() ? NULL : __real_malloc((size_t)size + HEAD_BYTES);
    if (!block)
        return NULL;
    memcpy(block, &size, sizeof size);
    return block + HEAD_BYTES;
}

static void sized_free(void *p)
{
    if (p)
        free((char *)p - HEAD_BYTES);
}

static int sized_size(void *p)
{
    int size = 0;
    if (p)
        memcpy(&size, (char *)p - HEAD_BYTES, sizeof size);
    return size;
}

static void *sized_realloc(void *p, int size)
{
    char *block = refuse() ? NULL : __real_realloc((char *)p - HEAD_BYTES, (size_t)size + HEAD_BYTES);
    if (!block)
        return NULL;
    memcpy(block, &size, sizeof size);
    return block + HEAD_BYTES;
}

static int sized_roundup(int size)
{
    return (size + 7) & ~7;
}

static int sized_init(void *context)
{
    (void)context;
    return SQLITE_OK;
}

static void sized_shutdown(void *context)
{
    (void)context;
}

void alloc_install(void)
{
    static const sqlite3_mem_methods METHODS = {sized_malloc,  sized_free, sized_realloc,  sized_size,
                                                sized_roundup, sized_init, sized_shutdown, NULL};
    (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &METHODS); /* before SQLite is started: it cannot fail */
}

void alloc_fail(int64_t at, bool persistent)
{
    alloc.fail_at = at;
    alloc.persistent = persistent;
    alloc.count = alloc.failed = 0;
}

int64_t alloc_count(int64_t *failed)
{
    *failed = alloc.failed;
    return alloc.count;
}
