#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "decoder/fdpass.h"

/* A byte, as an empty message would be the end, and the descriptors. */
struct message {
	struct iovec io;
	char byte;
	_Alignas(
	    struct cmsghdr) char control[CMSG_SPACE(FDPASS_MOST * sizeof(int))];
	struct msghdr head;
};

static void
prepare(struct message *m, size_t n)
{
	m->byte = 0;
	m->io = (struct iovec){&m->byte, 1};
	m->head = (struct msghdr){.msg_iov = &m->io,
	    .msg_iovlen = 1,
	    .msg_control = m->control,
	    .msg_controllen = CMSG_SPACE(n * sizeof(int))};
}

int
fdpass_send(int sock, const int *fd, size_t n)
{
	struct message m;
	struct cmsghdr *c;

	memset(&m, 0, sizeof(m));
	prepare(&m, n);
	c = CMSG_FIRSTHDR(&m.head);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fd, n * sizeof(int));
	return sendmsg(sock, &m.head, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -1 : 0;
}

size_t
fdpass_receive(int sock, int *fd)
{
	struct message m;
	struct cmsghdr *c;
	size_t n;

	prepare(&m, FDPASS_MOST);
	if (recvmsg(sock, &m.head, 0) <= 0)
		return 0;
	c = CMSG_FIRSTHDR(&m.head);
	if (c == NULL)
		return 0;
	n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fd, CMSG_DATA(c), n * sizeof(int));
	return n;
}
