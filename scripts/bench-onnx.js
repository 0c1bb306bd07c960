// Milliseconds that ONNX Runtime takes for an image of noise, the median over a
// second and more, the same of processor time, and by how many kB the process
// has grown: as tests/net/speed.c measures ours.
//
//	node bench-onnx.js LIBRARY NET THREADS
//
// LIBRARY is the directory of npm's onnxruntime-node; NET takes 3 x 224 x 224.
const [library, path, threads] = process.argv.slice(2);
const resident = process.resourceUsage().maxRSS;
const ort = require(library);

function median(x) {
	return x.sort((a, b) => a - b)[x.length >> 1];
}

async function main() {
	const net = await ort.InferenceSession.create(path, {
		intraOpNumThreads: Number(threads), interOpNumThreads: 1,
	});
	const noise = Float32Array.from({length: 3 * 224 * 224}, Math.random);
	const image = {[net.inputNames[0]]:
	    new ort.Tensor('float32', noise, [1, 3, 224, 224])};
	const real = [], processor = [];

	await net.run(image);
	const begin = performance.now();
	while (real.length < 5 || performance.now() < begin + 1000) {
		const from = performance.now(), busy = process.cpuUsage();
		await net.run(image);
		const used = process.cpuUsage(busy);
		real.push(performance.now() - from);
		processor.push((used.user + used.system) / 1000);
	}
	console.log(median(real).toFixed(4), median(processor).toFixed(4),
	    process.resourceUsage().maxRSS - resident);
}

main();
