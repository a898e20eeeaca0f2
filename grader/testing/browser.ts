import { chromium } from 'playwright-core';

/** Starts a headless browser: Chromium, from where Linux installs it. */
export const startBrowser = () =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });

/**
 * Code for a page to run: says why the focused element, with its ring, is not fully visible; empty if it is. The bar
 * must not cover it either.
 */
export const hiddenPart = `(() => {
  const element = document.activeElement;
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const { outlineWidth, outlineOffset } = getComputedStyle(element);
  const ring = Math.max(0, Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset));
  const edges = [{ left: 0, right: innerWidth }];
  for (let around = element.parentElement; around; around = around.parentElement)
    if (getComputedStyle(around).overflowX !== 'visible') edges.push(around.getBoundingClientRect());
  if (edges.some((edge) => left - ring < edge.left || right + ring > edge.right)) return 'has its ring cut off';
  const [bar] = [...document.querySelectorAll('.todo')].filter((one) => !one.contains(element));
  const covered = bar?.getBoundingClientRect();
  if (covered && top < covered.bottom && bottom > covered.top) return 'is under the bar';
  return top < 0 || bottom > innerHeight ? 'is off the screen' : '';
})()`;
