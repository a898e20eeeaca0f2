import { type Static, Type } from '@sinclair/typebox';
import { type Message, message } from '../../message';
import { MessageSchema } from '../../message.schema';

/** Topics of warnings, by the action that they need from the instructor; the most serious come first. */
export const reviewTopics = [
  'dispute',
  'failed',
  'versions',
  'instead',
  'found',
  'syntax error',
  'elsewhere',
  'ambiguous',
  'unknown',
  'no login',
  'twice',
  'after cutoff',
  'no time',
  'clock',
  'download',
  'history',
  'released files',
  'file',
  'reflection',
  'other',
] as const;

export type ReviewTopic = (typeof reviewTopics)[number];

export const WarningSchema = Type.Object(
  {
    ...MessageSchema.properties,
    topic: Type.Unsafe<ReviewTopic>({ type: 'string', enum: reviewTopics }),
  },
  { additionalProperties: false },
);

/** Something that needs review by the instructor. */
export type Warning = Static<typeof WarningSchema>;

export function about(topic: ReviewTopic): (message: Message) => Warning {
  return (message) => ({ ...message, topic });
}

export function warning(
  topic: ReviewTopic,
  code: string,
  text: string,
  quotes?: Readonly<Record<string, string>>,
): Warning {
  return about(topic)(message(code, text, quotes));
}
