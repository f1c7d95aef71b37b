#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MIN_BYTES = 4096, ALIGN_BYTES = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size_bytes; /* of data */
    size_t used_bytes;
    _Alignas(ALIGN_BYTES) unsigned char data[];
};

struct arena_release {
    struct arena_release *next;
    void (*release)(void *object);
    void *object;
};

void arena_init(struct arena *arena, size_t cap_bytes)
{
    *arena = (struct arena){.cap_bytes = cap_bytes};
}

void arena_done(struct arena *arena)
{
    for (struct arena_release *tied = arena->releases; tied; tied = tied->next)
        tied->release(tied->object);
    arena->releases = NULL;
    struct arena_block *block = arena->head;
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena->head = NULL;
    arena->used_bytes = 0;
    arena->exhausted = false;
}

void arena_reset(struct arena *arena)
{
    arena_done(arena);
}

static void *fail(struct arena *arena)
{
    arena->exhausted = true;
    return NULL;
}

void *arena_alloc(struct arena *arena, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX - ALIGN_BYTES)
        return fail(arena);
    size_t size = (size_bytes + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    if (size == 0)
        size = ALIGN_BYTES;
    if (arena->exhausted || size > arena->cap_bytes - arena->used_bytes)
        return fail(arena);
    struct arena_block *block = arena->head;
    if (!block || block->size_bytes - block->used_bytes < size) {
        size_t want = size > BLOCK_MIN_BYTES ? size : BLOCK_MIN_BYTES;
        block = malloc(sizeof *block + want);
        if (!block)
            return fail(arena);
        block->size_bytes = want;
        block->used_bytes = 0;
        block->next = arena->head;
        arena->head = block;
    }
    void *p = block->data + block->used_bytes;
    block->used_bytes += size;
    arena->used_bytes += size;
    memset(p, 0, size);
    return p;
}

void *arena_array(struct arena *arena, size_t count, size_t size_bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, size_bytes, &total))
        return fail(arena);
    return arena_alloc(arena, total);
}

char *arena_strndup(struct arena *arena, const char *text, size_t size_bytes)
{
    if (!text)
        return NULL;
    if (size_bytes == SIZE_MAX)
        return fail(arena);
    char *copy = arena_alloc(arena, size_bytes + 1);
    if (copy)
        memcpy(copy, text, size_bytes);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0)
        return fail(arena);
    char *text = arena_alloc(arena, (size_t)n + 1);
    if (!text)
        return NULL;
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)n + 1, fmt, args);
    va_end(args);
    return text;
}

bool arena_tie(struct arena *arena, void (*release)(void *object), void *object)
{
    struct arena_release *tied = arena_alloc(arena, sizeof *tied);
    if (!tied) {
        release(object);
        return false;
    }
    *tied = (struct arena_release){arena->releases, release, object};
    arena->releases = tied;
    return true;
}
