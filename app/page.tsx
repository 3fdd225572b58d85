import { HomePage } from '@/app/_features/library';

export default function Page() {
  return <HomePage />;
}
