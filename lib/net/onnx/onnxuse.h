/*
 * Who makes and who reads each array of a network, of the steps that what is
 * kept depends on.
 */
#ifndef ONNXUSE_H
#define ONNXUSE_H

struct onnxgraph;
struct onnxstep;

struct onnxuse {
	struct onnxgraph *g; /* kept */
	const int *keep;     /* kept; of each array, whether it is wanted */
	int *maker;          /* of each array: its step, or ONNXSTEP_NONE */
	int *readers;        /* of each array: how many, of those needed */
	int *reader;         /* and one of these */
	int *needed;         /* of each step */
};

void onnxuse_find(struct onnxuse *u, struct onnxgraph *g, const int *keep);
void onnxuse_free(struct onnxuse *u);

/* The step that makes an array, or NULL. */
struct onnxstep *onnxuse_maker(const struct onnxuse *u, int array);

/* The only step that needs the array, when nothing else does; or NULL. */
struct onnxstep *onnxuse_follower(const struct onnxuse *u, int array);

/*
 * Puts fewer steps in the place of those that belong together: x sigmoid(x)
 * and the like by one function, and x * scale + shift in the function before.
 */
void onnxuse_join(struct onnxgraph *g, const int *keep);

#endif
