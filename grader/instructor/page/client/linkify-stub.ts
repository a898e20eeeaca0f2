/**
 * In place of the libraries with which markdown-it finds and writes addresses: the reader of reflections has no use for
 * links, and switches all of that off, so here it need not be loaded.
 */
export class LinkifyIt {}

export default {};
