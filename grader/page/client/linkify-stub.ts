/**
 * Replaces the libraries that markdown-it uses to find and write links. The reflection reader needs no links and
 * turns all of that off, so the page does not have to load them.
 */
export class LinkifyIt {}

export default {};
