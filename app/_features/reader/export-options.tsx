'use client';

import { type ReactNode, useId, useState } from 'react';
import { currentLanguage } from '@/app/_features/i18n';
import { Field, formatNumber, SelectField } from '@/app/_features/ui';
import { DEFAULT_SETTINGS, type Settings } from '@/lib/client/store';
import {
  EXPORT_FORMATS,
  type ExportLabels,
  type ExportOption,
  type ExportOptions,
  type FormatId,
  type SubtitleRules,
} from '@/lib/export';
import { t } from './messages';

/** What was chosen for exports, and the way to keep it for the next time. */
export type ExportChoices = [
  value: Settings['exports'],
  choose: (value: Settings['exports']) => Promise<void> | void,
];

/** What is chosen until the user does. */
export const DEFAULT_CHOICES = DEFAULT_SETTINGS.exports;

/** A format's name, with the extension of its files. */
export const formatLabel = (id: FormatId): string => t(`export.${id}`);

/** Whether one of the formats can make something of an option. */
export function isUsed(option: ExportOption, formats: readonly string[]): boolean {
  return EXPORT_FORMATS.some(({ id, options }) => formats.includes(id) && options.includes(option));
}

/** The words that writers put into files, in the language of the page. */
export function exportLabels(): ExportLabels {
  return {
    locale: currentLanguage().tag,
    transcript: t('transcript'),
    date: t('export.label.date'),
    duration: t('export.label.duration'),
    language: t('export.label.language'),
    recording: t('recording'),
    speakers: t('export.speakers'),
    bookmark: t('export.label.bookmark'),
  };
}

/** What of the transcript goes into the files: choices that none of the formats can use are not shown. */
export function ContentOptions({
  formats,
  options,
  onChange,
}: {
  formats: readonly FormatId[];
  options: ExportOptions;
  onChange: (changed: Partial<ExportOptions>) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-sm">{t('export.content')}</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {(['speakers', 'times', 'bookmarks', 'words'] as const)
          .filter((option) => isUsed(option, formats))
          .map((option) => (
            <Choice
              key={option}
              label={t(`export.${option}`)}
              hint={option === 'words' ? t('export.words.hint') : undefined}
              checked={options[option]}
              onChange={(checked) => onChange({ [option]: checked })}
            />
          ))}
        <Choice
          label={t('export.verbatim')}
          hint={t('export.verbatim.hint')}
          checked={options.verbatim}
          onChange={(verbatim) => onChange({ verbatim })}
        />
        {options.verbatim && (
          <Choice
            label={t('export.pauses')}
            checked={options.pauses}
            onChange={(pauses) => onChange({ pauses })}
          />
        )}
      </div>
      {options.verbatim && options.pauses && (
        <div className="mt-2 w-48">
          <NumberField
            label={t('export.minPause')}
            value={options.minPauseMs / 1000}
            min={0.1}
            max={60}
            step={0.1}
            onChange={(value) => onChange({ minPauseMs: Math.round(value * 1000) })}
          />
        </div>
      )}
    </fieldset>
  );
}

/** What subtitles keep to. */
export function SubtitleOptions({
  rules,
  hasSpeakers,
  onChange,
}: {
  rules: SubtitleRules;
  /** Whether a new speaker is shown in the text. */
  hasSpeakers: boolean;
  onChange: (changed: Partial<SubtitleRules>) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-sm">{t('export.subtitles')}</legend>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        <NumberField
          label={t('export.lineLength')}
          value={rules.lineLength}
          min={10}
          max={100}
          onChange={(lineLength) => onChange({ lineLength })}
        />
        <NumberField
          label={t('export.lines')}
          value={rules.lines}
          min={1}
          max={3}
          onChange={(lines) => onChange({ lines })}
        />
        <NumberField
          label={t('export.speed')}
          value={rules.charactersPerSecond}
          min={5}
          max={60}
          step={0.1}
          onChange={(charactersPerSecond) => onChange({ charactersPerSecond })}
        />
        <NumberField
          label={t('export.minTime')}
          value={rules.minMs / 1000}
          min={0}
          max={5}
          step={0.001}
          onChange={(value) => onChange({ minMs: Math.round(value * 1000) })}
        />
        <NumberField
          label={t('export.maxTime')}
          value={rules.maxMs / 1000}
          min={1}
          max={20}
          step={0.001}
          onChange={(value) => onChange({ maxMs: Math.round(value * 1000) })}
        />
        <NumberField
          label={t('export.frameRate')}
          value={rules.frameRate}
          min={10}
          max={120}
          step={0.001}
          onChange={(frameRate) => onChange({ frameRate })}
        />
        {hasSpeakers && (
          <SelectField
            label={t('export.speakerStyle')}
            value={rules.speakerStyle}
            onChange={({ target }) =>
              onChange({ speakerStyle: target.value === 'dash' ? 'dash' : 'name' })
            }
          >
            {(['name', 'dash'] as const).map((style) => (
              <option key={style} value={style}>
                {t(`export.speakerStyle.${style}`)}
              </option>
            ))}
          </SelectField>
        )}
      </div>
    </fieldset>
  );
}

function Choice({
  label,
  hint,
  checked,
  onChange,
}: {
  label: string;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <span className={hint ? 'basis-full' : ''}>
      <label className="flex min-h-8 items-center gap-2.5">
        <input
          type="checkbox"
          checked={checked}
          aria-describedby={hint ? id : undefined}
          onChange={({ target }) => onChange(target.checked)}
          className="size-4 shrink-0 accent-(--accent)"
        />
        {label}
      </label>
      {hint && (
        <span id={id} className="ms-6.5 block text-muted">
          {hint}
        </span>
      )}
    </span>
  );
}

/** A number that takes effect while it is within its limits. */
function NumberField({
  label,
  value,
  min,
  max,
  step = 1,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  onChange: (value: number) => void;
}) {
  // what is typed, as long as it does not stand for the value that is chosen
  const [typed, setTyped] = useState<string | null>(null);
  const isRight = (number: number) =>
    number >= min && number <= max && (step !== 1 || Number.isInteger(number));
  const shown = typed ?? String(value);
  const isWrong = typed !== null && !isRight(Number.parseFloat(typed));
  const digits = (number: number) => formatNumber(number, Number.isInteger(number) ? 0 : 1);
  return (
    <Field
      label={label}
      name={label}
      type="number"
      inputMode="decimal"
      min={min}
      max={max}
      step={step}
      value={shown}
      fault={isWrong ? t('export.outOfRange', { min: digits(min), max: digits(max) }) : undefined}
      onChange={({ target }) => {
        const number = Number.parseFloat(target.value);
        setTyped(target.value);
        if (isRight(number)) onChange(number);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
