import { expectAccessible } from '../fixtures/accessibility';
import { sealShare, sharedDocument } from '../fixtures/sealed-share';
import { expect, test } from '../fixtures/test';

const RAIN = sharedDocument({ title: 'Weather report', language: 'en' }, [
  { text: 'Heavy rain is on its way.' },
]);

test('opens links that mail programs have altered, and keeps the secret out of the address bar and of requests', async ({
  page,
}) => {
  const { id, secret, asked } = await sealShare(page, RAIN);
  const text = page.getByRole('region', { name: 'Transcript' });
  const requested: string[] = [];
  page.on('request', (request) => {
    if (!request.isNavigationRequest()) requested.push(request.url());
  });
  for (const touched of [
    `/s/${id}%23k=${secret}&utm_source=mail`,
    `/s/${id}%23k%3D${secret}).`,
    `/s%2F${id}%2523k%253D${secret}`,
    `/S/${id}/?fbclid=x##k=${secret}&amp;x`,
    `/s/${id}#k=${secret.slice(0, 9)}%20${secret.slice(9)}%E2%80%9D`,
    `/s/${id}%23k=${secret}%ff%`,
  ]) {
    await page.goto('about:blank');
    await page.goto(touched);
    await expect(text).toContainText('Heavy rain');
    await expect(page).toHaveURL(`/s/${id}`);
  }
  await page.reload();
  await expect(text).toContainText('Heavy rain');
  expect(new Set(asked)).toEqual(new Set([`/api/shares/${id}`]));
  expect(requested.filter((url) => url.includes(secret))).toEqual([]);
});

test('says that a link is incomplete or of a later version, and clears the address bar', async ({
  page,
}) => {
  const { id, secret, asked } = await sealShare(page, RAIN);
  const half = secret.slice(0, -2);
  for (const [address, said, left] of [
    [`/s/${id}%23k=${half}.`, 'This link is not complete.', `/s/${id}`],
    [`/s/${id.slice(1)}#k=${secret}`, 'This link is not complete.', '/s'],
    [`/s/%23k=${secret}%`, 'This link is not complete.', '/s'],
    [`/s/${id}#k2=${secret}${secret}`, 'created by a newer version', `/s/${id}`],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(address);
    await expect(page.getByRole('alert').filter({ hasText: said })).toBeVisible();
    await expect(page).toHaveURL(left);
  }
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'newer version' })).toBeVisible();
  expect(asked).toEqual([]);
});

test('lays out right-to-left text correctly and marks its language, also for words without times', async ({
  page,
}) => {
  const document = sharedDocument({ title: 'تقرير الطقس', language: 'ar' }, [
    { text: 'أمطار غزيرة في الطريق.' },
    { text: 'AI2Text برنامج يحول الكلام إلى نص، بنسبة 98.5%.', hasTimes: false },
    { text: 'Thank you very much.' },
    { text: 'السؤال الأخير: متى نبدأ؟' },
  ]);
  const { id, secret } = await sealShare(page, document);
  await page.goto(`/s/${id}#k=${secret}`);
  const region = page.getByRole('region', { name: 'Transcript' });
  await expect(region).toHaveAttribute('lang', 'ar');
  await expect(region).toHaveCSS('direction', 'rtl');
  const word = (text: string) => region.getByRole('button', { name: text, exact: true });
  const left = async (text: string) => (await word(text).boundingBox())?.x ?? Number.NaN;
  // the first word stands to the right of the second, and the full stop at the end of the line
  expect(await left('أمطار')).toBeGreaterThan(await left('غزيرة'));
  expect(await left('AI2Text')).toBeGreaterThan(await left('برنامج'));
  expect(await left('Thank')).toBeLessThan(await left('much.'));
  await expect(word('AI2Text')).toHaveAttribute('data-start', '5000');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCSS('direction', 'rtl');
  // the next word is to the left
  await word('أمطار').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(word('غزيرة')).toBeFocused();
  await expectAccessible(page, 'shared-page rtl');
});
