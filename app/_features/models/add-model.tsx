'use client';

import { FolderOpen } from 'lucide-react';
import { type SubmitEvent, useCallback, useEffect, useId, useState } from 'react';
import {
  Button,
  buttonClass,
  DropOverlay,
  filesFromDrop,
  Panel,
  showToast,
} from '@/app/_features/ui';
import { t } from './messages';
import { addModelFiles, addRepository } from './model-commands';
import { addProblemText, type ModelProblem } from './model-facts';

/** How a model is added. */
type Way = 'repository' | 'folder';

/** Adds a model that the catalogue does not have: by its repository, or from a folder. */
export function AddModel({ onAdded }: { onAdded: (id: string) => void }) {
  const id = useId();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState<Way | null>(null);
  const [failed, setFailed] = useState<{ way: Way; problem: ModelProblem } | null>(null);

  const run = async (way: Way, step: Promise<string | ModelProblem>) => {
    setBusy(way);
    setFailed(null);
    const result = await step;
    setBusy(null);
    if (typeof result !== 'string') {
      setFailed({ way, problem: result });
      return;
    }
    if (way === 'repository') setName('');
    onAdded(result);
  };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy === null && name.trim() !== '') void run('repository', addRepository(name.trim()));
  };

  // React knows no such property
  const asFolder = useCallback((input: HTMLInputElement | null) => {
    if (input) input.webkitdirectory = true;
  }, []);
  const said = (way: Way) => (
    <div id={`${id}-${way}-said`} role="status" className="text-sm">
      {busy === way && <p className="mt-2 text-muted">{t(`waiting.${way}`)}</p>}
      {failed?.way === way && <Failure problem={failed.problem} />}
    </div>
  );

  return (
    <Panel split title={t('anotherModel')}>
      <form onSubmit={submit}>
        <label htmlFor={`${id}-name`} className="mb-1.5 block font-medium text-sm">
          {t('repository')}
        </label>
        <div className="flex flex-wrap items-start gap-2">
          <input
            id={`${id}-name`}
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder={t('ownerName')}
            aria-describedby={`${id}-hint ${id}-repository-said`}
            aria-invalid={failed?.way === 'repository'}
            autoCapitalize="off"
            autoComplete="off"
            spellCheck={false}
            className="min-h-10 min-w-0 flex-1 basis-56 rounded-lg border border-line bg-surface px-3 text-base placeholder:text-muted sm:text-sm"
          />
          <Button type="submit" aria-disabled={busy !== null}>
            {t('add')}
          </Button>
        </div>
        <p id={`${id}-hint`} className="mt-2 text-muted text-sm">
          {t('repositoryHint')}
        </p>
        {said('repository')}
      </form>
      <div className="mt-5">
        <input
          id={`${id}-folder`}
          type="file"
          multiple
          ref={asFolder}
          className="peer sr-only"
          onChange={({ target }) => {
            const files = [...(target.files ?? [])];
            // the same folder may be chosen again
            target.value = '';
            if (files.length > 0) void run('folder', addModelFiles(files));
          }}
        />
        <label
          htmlFor={`${id}-folder`}
          className={`${buttonClass()} peer-focus-visible:outline-2 peer-focus-visible:outline-accent peer-focus-visible:outline-offset-2`}
        >
          <FolderOpen aria-hidden size={16} />
          {t('chooseFolder')}
        </label>
        <p className="mt-2 text-muted text-sm">{t('folderHint')}</p>
        {said('folder')}
      </div>
    </Panel>
  );
}

function Failure({ problem }: { problem: ModelProblem }) {
  const { happened, next } = addProblemText(problem);
  return (
    <p className="mt-2">
      <span className="text-danger">{happened}</span> {next}
    </p>
  );
}

/**
 * Takes a model's folder or files dropped anywhere on the page. It listens before the intake of
 * recordings does (`FileIntake`), and leaves to it what is not for a model.
 */
export function ModelDrop({ onAdded }: { onAdded: (id: string) => void }) {
  const [over, setOver] = useState(false);

  useEffect(() => {
    const scope = new AbortController();
    const options = { capture: true, signal: scope.signal };
    let depth = 0;
    const leave = () => {
      depth = 0;
      setOver(false);
    };
    const take = async (transfer: DataTransfer) => {
      const { files } = await filesFromDrop(transfer, isVisible);
      if (!files.some(isNetwork)) {
        showToast({ text: t('noModelDropped') });
        return;
      }
      const result = await addModelFiles(files);
      if (typeof result === 'string') {
        onAdded(result);
        return;
      }
      const { happened, next } = addProblemText(result);
      showToast({ text: [happened, next].filter(Boolean).join(' '), tone: 'danger' });
    };
    window.addEventListener(
      'dragenter',
      (event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        // else the page would say that recordings are taken
        event.stopPropagation();
        depth += 1;
        setOver(true);
      },
      options,
    );
    window.addEventListener(
      'dragleave',
      (event) => {
        event.stopPropagation();
        depth -= 1;
        if (depth <= 0) leave();
      },
      options,
    );
    window.addEventListener(
      'drop',
      (event) => {
        leave();
        const transfer = event.dataTransfer;
        if (!transfer || !isForModel(transfer)) return;
        event.preventDefault();
        event.stopPropagation();
        void take(transfer);
      },
      options,
    );
    return () => scope.abort();
  }, [onAdded]);

  return over && <DropOverlay text={t('dropHere')} />;
}

const isVisible = ({ name }: File) => !name.startsWith('.');

const isNetwork = ({ name }: File) => name.endsWith('.onnx');

/** On this page a folder is taken for a model; so are files that only models have. */
function isForModel({ items, files }: DataTransfer): boolean {
  const hasFolder = [...items].some((item) => item.webkitGetAsEntry?.()?.isDirectory ?? false);
  return hasFolder || [...files].some(isNetwork);
}
