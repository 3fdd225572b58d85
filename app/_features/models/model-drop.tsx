'use client';

import { useEffect, useState } from 'react';
import { DropOverlay, filesFromDrop, showToast } from '@/app/_features/ui';
import { t } from './messages';
import { addModelFiles } from './model-commands';
import { addProblemText } from './model-problems';

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
