import { html } from './escape/html';

// Feedback is known by these, whatever it is called: somebody may take it for work.

/** An attribute of a page of feedback. */
export const feedbackAttribute = html`data-is="graded-feedback"`;

/** The beginning of a text of feedback that a host gives the name of a student's own file. */
export const feedbackBegins = 'This is the feedback on your work.';

/** Whether a text is the feedback of a run. */
export function isFeedback(text: string): boolean {
  return text.startsWith(feedbackBegins) || text.includes(`<main ${feedbackAttribute}>`);
}
