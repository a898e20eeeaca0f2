import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian has its Chromium; elsewhere there is a Chrome. */
const debian = '/usr/bin/chromium';

/** Starts a browser that shows nothing on a screen. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(existsSync(debian) ? { executablePath: debian } : { channel: 'chrome' }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}
