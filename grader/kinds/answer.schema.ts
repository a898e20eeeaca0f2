import { Type } from '@sinclair/typebox';

export const AnswerSchema = Type.Union([Type.Number(), Type.String()], {
  description: 'What the source text comes to, written in one way whatever its spelling.',
});
