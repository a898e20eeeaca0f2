import { Type } from '@sinclair/typebox';

export const AnswerSchema = Type.Union([Type.Number(), Type.String()], {
  description: 'The value of the source text, in one notation.',
});
