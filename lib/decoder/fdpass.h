/* Open files that go from one process to another, several in a message. */
#ifndef FDPASS_H
#define FDPASS_H

#include <stddef.h>

enum { FDPASS_MOST = 16 }; /* in a message */

/*
 * Sends n descriptors, 1 .. FDPASS_MOST, over a socket that keeps messages
 * apart; they stay open here. Does not wait. Returns 0, or -1 with errno set.
 */
int fdpass_send(int sock, const int *fd, size_t n);

/*
 * Waits for a message. Returns the number of descriptors in it, which are the
 * caller's; 0 when the other end is closed. Makes no system call but recvmsg.
 */
size_t fdpass_receive(int sock, int *fd);

#endif
