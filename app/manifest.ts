import type { MetadataRoute } from 'next';
import { t } from '@/app/_features/shell';

/** Lets the browser install the app; the icon is the one of the tab. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/',
    name: 'AI2Text',
    short_name: 'AI2Text',
    description: t('description'),
    start_url: '/',
    display: 'standalone',
    background_color: '#faf8f4',
    theme_color: '#0b6253',
    icons: [
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'maskable' },
    ],
  };
}
