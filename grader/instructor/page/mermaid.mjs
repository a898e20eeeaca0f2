// A thread of its own, and a module: that library has no other form.
import { parentPort, workerData } from 'node:worker_threads';
import { renderMermaidSVG } from 'beautiful-mermaid';

parentPort?.postMessage(renderMermaidSVG(workerData, { transparent: true }));
