import { expectAccessible, NARROW_LOOKS } from '../fixtures/accessibility';
import { AppServer } from '../fixtures/app-server';
import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { ENGINE_FILES, expect, test } from '../fixtures/test';
import { Device } from '../pages/device';
import { RecordingPage, SPOKEN } from '../pages/recording';

test.use({ launchOptions: withMicrophone(audio('speech.wav')) });

test('a room and a guest read what is said while it is said', async ({ browser }) => {
  const server = new AppServer();
  await server.setUp(await server.start());
  const speaker = await Device.open(browser, server);
  await speaker.context.unroute(ENGINE_FILES);
  // a window above all others cannot be driven by a test
  await speaker.context.addInitScript(() =>
    Reflect.deleteProperty(window, 'documentPictureInPicture'),
  );
  await speaker.signIn();
  const { page } = speaker;
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();

  const opening = speaker.context.waitForEvent('page');
  await page.getByRole('button', { name: 'Captions', exact: true }).click();
  const room = await opening;
  const roomText = room.getByRole('region', { name: 'Live captions' });

  await page.getByRole('button', { name: 'Share live' }).click();
  await page.getByRole('button', { name: 'Create link' }).click();
  const link = await page.getByRole('textbox', { name: 'Live link' }).inputValue();
  await page.keyboard.press('Escape');
  const guest = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const follower = await guest.newPage();
  await follower.goto(link);
  const text = follower.getByRole('region', { name: 'Live captions' });
  await expect(follower.getByText('Live', { exact: true })).toBeVisible();
  await expect(text).toContainText(SPOKEN, { timeout: 90_000 });
  await expect(roomText).toContainText(SPOKEN);
  await expect(recording.stop).toBeEnabled();
  await expectAccessible(room, 'captions');
  await expectAccessible(follower, 'live text', NARROW_LOOKS);

  await room.keyboard.press('+');
  await expect(room.getByText('Listening')).toBeVisible();

  await guest.setOffline(true);
  await expect(follower.getByText('Connection lost, trying again…')).toBeVisible();
  await expect(text).toContainText(SPOKEN);
  await guest.setOffline(false);
  await expect(follower.getByText('Live', { exact: true })).toBeVisible();

  await recording.stop.click();
  await expect(follower.getByText('The recording has ended. The text stays here.')).toBeVisible();
  await expect(room.getByText('The recording has ended')).toBeVisible();
  await expect(text).toContainText(SPOKEN);
  await expect(roomText).toContainText(SPOKEN);
  // lines break elsewhere: who reads further up keeps their place, who does not stays at the end
  const isAtEnd = () =>
    roomText.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 2);
  for (let step = 0; step < 8; step += 1) await room.keyboard.press('+');
  await room.setViewportSize({ width: 300, height: 300 });
  await expect.poll(isAtEnd).toBe(true);
  await roomText.evaluate((box) => box.scrollTo(0, 0));
  await expect(room.getByRole('button', { name: 'Back to the live text' })).toBeVisible();
  await room.setViewportSize({ width: 340, height: 280 });
  await room.keyboard.press('-');
  await expect(room.getByRole('button', { name: 'Back to the live text' })).toBeVisible();
  expect(await roomText.evaluate((box) => box.scrollTop)).toBeLessThan(2);
  const saving = follower.waitForEvent('download');
  await follower.getByRole('button', { name: 'Save as text' }).click();
  expect((await saving).suggestedFilename()).toMatch(/\.txt$/);

  await Promise.all([speaker.context.close(), guest.close()]);
  await server.stop();
});
