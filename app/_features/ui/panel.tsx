import { type ReactNode, useId } from 'react';

/**
 * A titled part of a page.
 * @param split the title stands beside the content where there is room
 */
export function Panel({
  title,
  aside,
  split = false,
  children,
}: {
  title: string;
  aside?: ReactNode;
  split?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={`border-line border-t pt-6 ${split ? 'md:grid md:grid-cols-[13rem_minmax(0,1fr)] md:gap-8' : ''}`}
    >
      <div
        className={`mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 ${split ? 'md:mb-0 md:flex-col md:items-start md:justify-start' : ''}`}
      >
        <h2 id={id} className="text-xl">
          {title}
        </h2>
        {aside}
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
