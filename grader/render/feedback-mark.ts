import { html } from './escape/html';

// These marks identify feedback under any file name, because somebody may take it for work.

/** An attribute that every page of feedback has. */
export const feedbackAttribute = html`data-is="graded-feedback"`;

/** The start of a feedback text that a host gives the name of a student's own file. */
export const feedbackBegins = 'This is the feedback on your work.';

/** Whether a text is feedback from a run. */
export function isFeedback(text: string): boolean {
  return text.startsWith(feedbackBegins) || text.includes(`<main ${feedbackAttribute}>`);
}
