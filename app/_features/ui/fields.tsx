'use client';

import { type ComponentProps, type ReactNode, useId, useState } from 'react';
import { buttonClass } from './button';
import { t } from './messages';
import { Notice } from './notice';

const INPUT =
  'block min-h-10 w-full rounded-lg border bg-surface px-3 text-base placeholder:text-muted sm:text-sm';

interface FieldProps extends Omit<ComponentProps<'input'>, 'id' | 'aria-invalid'> {
  label: string;
  name: string;
  hint?: string | undefined;
  /** What is wrong with what it holds. */
  fault?: string | undefined;
  /** Stands at the end of the field. */
  aside?: ReactNode;
}

/** A field with its label above it; an error is shown below it, instead of the hint. */
export function Field({ label, hint, fault, aside, className = '', ...rest }: FieldProps) {
  const id = useId();
  const described = fault ? `${id}-fault` : hint ? `${id}-hint` : undefined;
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          aria-invalid={fault !== undefined}
          aria-describedby={described}
          className={`${INPUT} ${fault ? 'border-danger' : 'border-line-strong'} ${className}`}
          {...rest}
        />
        {aside}
      </div>
      {hint && !fault && (
        <p id={`${id}-hint`} className="mt-1.5 text-muted text-sm">
          {hint}
        </p>
      )}
      {fault && (
        <p id={`${id}-fault`} className="mt-1.5 text-danger text-sm">
          {fault}
        </p>
      )}
    </div>
  );
}

/** One of a few options, all of them in sight, one below the other. @param legend its name, above it */
export function RadioGroup<V extends string>({
  legend,
  name,
  options,
  value,
  textOf,
  onChange,
}: {
  legend: ReactNode;
  name: string;
  options: readonly V[];
  value: V;
  textOf: (option: V) => ReactNode;
  onChange: (value: V) => void;
}) {
  return (
    <fieldset>
      {legend}
      {options.map((one) => (
        <label key={one} className="flex min-h-8 items-center gap-2 text-sm">
          <input
            type="radio"
            name={name}
            className="size-4 accent-(--accent)"
            checked={value === one}
            onChange={() => onChange(one)}
          />
          {textOf(one)}
        </label>
      ))}
    </fieldset>
  );
}

/** A button by which a file is chosen. */
export function FileButton({
  accept,
  onFile,
  children,
}: {
  accept: string;
  onFile: (file: File) => void;
  children: ReactNode;
}) {
  return (
    <label
      className={`${buttonClass()} has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2`}
    >
      {children}
      <input
        type="file"
        accept={accept}
        className="sr-only"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          // the same file can be chosen again
          currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </label>
  );
}

/** A choice of one of its options, without a visible name: give it a label. */
export function Select({ className = '', ...rest }: ComponentProps<'select'>) {
  return (
    <select
      {...rest}
      className={`min-h-10 rounded-lg border border-line-strong bg-surface ${className}`}
    />
  );
}

/** A choice of one of its options, with its name above it. @param width of the box alone: a hint runs on beside it */
export function SelectField({
  label,
  hint,
  className = '',
  width = 'w-full',
  ...rest
}: Omit<ComponentProps<'select'>, 'aria-describedby'> & {
  label: string;
  hint?: string;
  width?: string;
}) {
  const ownId = useId();
  const { id = ownId } = rest;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {label}
      </label>
      <Select
        {...rest}
        id={id}
        aria-describedby={hint && `${id}-hint`}
        className={`block ${width} px-3 text-base sm:text-sm`}
      />
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-muted text-sm">
          {hint}
        </p>
      )}
    </div>
  );
}

/** A field whose characters are hidden until they are asked for. */
export function PasswordField(props: Omit<FieldProps, 'type' | 'aside'>) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="off"
      spellCheck={false}
      className="pe-16"
      aside={
        <button
          type="button"
          // not named after the field, which would then be there twice for those who look for it
          aria-label={shown ? t('hideTypedCharacters') : t('showTypedCharacters')}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-0 end-0 min-w-10 rounded-e-lg px-3 text-muted text-sm hover:text-ink"
        >
          {shown ? t('hide') : t('show')}
        </button>
      }
    />
  );
}

/** Says why a form was refused, as soon as it was. */
export function FormProblem({ children }: { children: ReactNode }) {
  return (
    <div role="alert">
      {children !== null && children !== undefined && <Notice tone="danger">{children}</Notice>}
    </div>
  );
}

/** A page with one thing to fill in: a title, a few words, and a narrow column. */
export function FormPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto max-w-sm space-y-6 pt-4 sm:pt-10">
      <h1 className="text-2xl sm:text-3xl">{title}</h1>
      {children}
    </div>
  );
}
