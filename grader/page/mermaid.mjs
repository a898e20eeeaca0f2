// Runs in a worker thread, as an ES module: the library comes only in that form.
import { parentPort, workerData } from 'node:worker_threads';
import { renderMermaidSVG } from 'beautiful-mermaid';

parentPort?.postMessage(
  renderMermaidSVG(workerData, { transparent: true, padding: 6, layerSpacing: 28, nodeSpacing: 14 }),
);
