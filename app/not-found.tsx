import Link from 'next/link';
import { buttonClass } from '@/app/_features/ui';

export default function NotFound() {
  return (
    <div className="max-w-prose space-y-4 py-16">
      <h1 className="text-3xl">There is no such page here</h1>
      <p className="text-muted">The address may be mistyped, or the page was moved.</p>
      <Link href="/" className={buttonClass('primary')}>
        Back to the library
      </Link>
    </div>
  );
}
