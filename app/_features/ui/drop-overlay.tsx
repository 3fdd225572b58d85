/** Covers the page while files are dragged over it: what dropping them does. */
export function DropOverlay({ text }: { text: string }) {
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-2xl border-2 border-accent border-dashed bg-accent-soft/90 p-6 text-center"
    >
      <p className="font-serif text-2xl text-accent-strong">{text}</p>
    </div>
  );
}
