declare const sink: unique symbol;

/**
 * Text that may be shown in one kind of place as it is. Only the files of this folder make it, one
 * file a sink, so a renderer that lets a student's text through unescaped does not compile.
 */
export type Safe<Sink extends string> = string & { readonly [sink]: Sink };
