/*
 * What glibc has and another C library has not: the text of an error that no
 * other thread overwrites. musl's strerror is just that.
 */
#ifndef LIBC_H
#define LIBC_H

#ifndef __GLIBC__
#define strerrordesc_np strerror
#endif

#endif
