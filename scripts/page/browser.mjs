// The browser: one for all pages, and pages that complain about any request, error or dialog.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-quic', '--no-first-run'];

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS, headless: true });

/// Opens a page, and fails on any request and any complaint.
export const open = async (browser, address, options, use) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: false, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(data|blob):/.test(url)) complaints.push(`request: ${url}`);
  });
  await page.goto(address);
  try {
    return await use(page);
  } finally {
    await context.close();
    assert.deepEqual(complaints, [], 'requests, errors or warnings');
  }
};

export const unfold = (page, which = 'details') => page.evaluate(async (selector) => {
  for (const folded of document.querySelectorAll(selector)) folded.open = true;
  await new Promise((done) => { setTimeout(done, 50); }); // what unfolding adds is there after its event
}, which);
