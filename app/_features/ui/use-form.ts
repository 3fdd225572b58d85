'use client';

import { type SubmitEvent, useState } from 'react';
import { isAbort } from '@/lib/core';

/** What each field holds. */
export type Values<F extends string> = Record<F, string>;
/** What is wrong, by field. */
export type Faults<F extends string> = Partial<Record<F, string | undefined>>;

/** What binds a field to its form. */
export interface FormField {
  name: string;
  /** What is wrong with what it holds. */
  fault: string | undefined;
  onChange: () => void;
}

interface FormOptions<F extends string> {
  fields: readonly F[];
  /** What is wrong before anything is sent. */
  check: (values: Values<F>) => Faults<F>;
  send: (values: Values<F>) => Promise<unknown>;
  /** The sentence for a failure of `send`. */
  explain: (error: unknown) => string;
}

/**
 * A form with native fields. Errors are shown beside their fields, the first of which gets the focus; a refusal by
 * the server is shown above the button.
 */
export function useForm<F extends string>({ fields, check, send, explain }: FormOptions<F>) {
  const [faults, setFaults] = useState<Faults<F>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    // every field is there once, by its name
    const values = Object.fromEntries(
      fields.map((name) => [name, String(data.get(name) ?? '')]),
    ) as Values<F>;
    const found = check(values);
    setFaults(found);
    setProblem(null);
    const first = fields.find((name) => found[name] !== undefined);
    if (first !== undefined) {
      focusField(form, first);
      return;
    }
    setBusy(true);
    try {
      await send(values);
    } catch (error) {
      if (!isAbort(error)) setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };

  /** What was said of a field no longer holds when it is changed. */
  const forget = (name: F) =>
    setFaults((now) => (now[name] === undefined ? now : { ...now, [name]: undefined }));

  /** What the field of this name is given. */
  const field = (name: F): FormField => ({
    name,
    fault: faults[name],
    onChange: () => forget(name),
  });

  return { field, problem, busy, submit };
}

function focusField(form: HTMLFormElement, name: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLElement) field.focus();
}
