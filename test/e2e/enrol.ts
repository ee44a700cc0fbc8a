import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';

/** From the page that asks for the first factor: a code app, as somebody without passkeys has it. Recovery codes. */
export async function enrolByCodeApp(page: Page): Promise<string[]> {
  await page.getByRole('heading', { name: 'Protect your account' }).waitFor();
  const instead = page.getByRole('button', { name: 'Use a code app instead' });
  if (await instead.isVisible()) await instead.click();
  const key = (await page.getByLabel('Key of the code app').innerText()).replaceAll(' ', '');
  const app = new TOTP({ secret: Secret.fromBase32(key), algorithm: 'SHA1', digits: 6, period: 30 });
  await page.getByLabel('The code it shows').fill(app.generate());
  await page.getByRole('button', { name: 'Use this code app' }).click();
  await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
  const codes = await page.getByRole('main').getByRole('listitem').allInnerTexts();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  return codes;
}

/** The second half of signing in, by the next of the recovery codes: those of the app are good once in half a minute. */
export async function giveCode(page: Page, codes: string[]): Promise<void> {
  await page.getByLabel('Code from your app').fill(codes.shift() ?? '');
  await page.getByRole('button', { name: 'Go on' }).click();
}
