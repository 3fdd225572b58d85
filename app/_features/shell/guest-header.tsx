import { Mark } from './header';

/** The name of the app, above what someone else has shared. */
export function GuestHeader() {
  return (
    <header className="mx-auto flex w-full max-w-4xl items-center px-4 py-3 sm:px-6 sm:py-4">
      {/* no link of the router: that would load the library's page beside the shared one */}
      <a href="/" className="flex min-h-10 items-center gap-2.5 font-semibold tracking-tight">
        <Mark />
        AI2Text
      </a>
    </header>
  );
}
