import { chromium } from 'playwright-core';

/** Starts a headless browser: Chromium, where Linux installs it. */
export const startBrowser = () =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
