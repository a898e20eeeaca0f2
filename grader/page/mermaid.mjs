// Runs in a worker thread, as an ES module: the library comes only in that form.
import { parentPort, workerData } from 'node:worker_threads';
import { parseMermaid, renderMermaidSVG } from 'beautiful-mermaid';

const { nodes, edges } = parseMermaid(workerData);
parentPort?.postMessage({
  svg: renderMermaidSVG(workerData, { transparent: true, padding: 6, layerSpacing: 28, nodeSpacing: 14 }),
  arrows: edges.map(({ source, target }) => [source, target].map((id) => nodes.get(id)?.label ?? id)),
});
