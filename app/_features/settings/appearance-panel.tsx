'use client';

import { Panel, setTheme, THEMES, useTheme } from '@/app/_features/ui';

const NAMES = { system: 'System', light: 'Light', dark: 'Dark' };

/** Light, dark, or as the device has it. */
export function AppearancePanel() {
  const theme = useTheme();
  return (
    <Panel split title="Appearance">
      <fieldset>
        <legend className="mb-1.5 font-medium text-sm">Theme</legend>
        <div className="inline-flex rounded-lg border border-line bg-surface p-1">
          {THEMES.map((one) => (
            <label
              key={one}
              className="relative inline-flex min-h-10 cursor-pointer items-center rounded-md px-4 text-sm has-checked:bg-accent-soft has-checked:font-medium has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="theme"
                value={one}
                checked={theme === one}
                onChange={() => setTheme(one)}
                className="sr-only"
              />
              {NAMES[one]}
            </label>
          ))}
        </div>
      </fieldset>
    </Panel>
  );
}
