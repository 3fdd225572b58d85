import { catalogue } from '@/app/_features/i18n';
import { en } from './en';

/** The texts of this feature in the language of the page. */
export const t = catalogue('api-docs', en);
