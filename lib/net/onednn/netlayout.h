/*
 * Layouts of oneDNN's arrays, and the way from one to another. A layout
 * (const void *) is a dnnl_memory_desc_t, which has no name that could stand
 * here. Also what every use of the library begins with.
 * Foreign: oneDNN.
 */
#ifndef NETLAYOUT_H
#define NETLAYOUT_H

#include <stddef.h>

struct dnnl_engine;
struct dnnl_memory;
struct dnnl_primitive_attr;
struct dnnl_primitive_desc;

/* Ends the program unless status is that of success. */
void netlayout_check(int status, const char *what);

/* Memory with the alignment that the kernels like. */
void *netlayout_alloc(size_t size);

/* The array as the library knows it. */
struct dnnl_memory *netlayout_memory(
    struct dnnl_engine *e, const void *layout, const void *data);

/* What all operations are made with; the caller destroys it. */
struct dnnl_primitive_attr *netlayout_attr(void);

/* The operation that brings an array from one layout to another. */
struct dnnl_primitive_desc *netlayout_reorder(
    struct dnnl_engine *e, const void *from, const void *to);

/* A copy of data in another layout, to be freed. */
float *netlayout_copy(
    struct dnnl_engine *e, const float *data, const void *from, const void *to);

#endif
