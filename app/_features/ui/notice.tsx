import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const TONES = {
  info: { box: 'border-line bg-surface', mark: 'text-accent', Icon: Info },
  warn: { box: 'border-transparent bg-warn-soft', mark: 'text-warn', Icon: TriangleAlert },
  danger: { box: 'border-transparent bg-danger-soft', mark: 'text-danger', Icon: CircleAlert },
} as const;

/** A boxed remark; its tone is carried by an icon as well as by colour. */
export function Notice({ tone, children }: { tone: keyof typeof TONES; children: ReactNode }) {
  const { box, mark, Icon } = TONES[tone];
  return (
    <div className={`flex gap-3 rounded-lg border px-4 py-3 text-sm ${box}`}>
      <Icon aria-hidden size={18} className={`mt-0.5 shrink-0 ${mark}`} />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
