import { de as account } from '@/app/_features/account/messages/de';
import { de as admin } from '@/app/_features/admin/messages/de';
import { de as apiDocs } from '@/app/_features/api-docs/messages/de';
import { de as app } from '@/app/_features/app/messages/de';
import { de as captions } from '@/app/_features/captions/messages/de';
import { de as dataset } from '@/app/_features/dataset/messages/de';
import { de as diagnostics } from '@/app/_features/diagnostics/messages/de';
import type { Dictionary } from '@/app/_features/i18n';
import { de as inbox } from '@/app/_features/inbox/messages/de';
import { de as library } from '@/app/_features/library/messages/de';
import { de as models } from '@/app/_features/models/messages/de';
import { de as reader } from '@/app/_features/reader/messages/de';
import { de as recording } from '@/app/_features/recording/messages/de';
import { de as settings } from '@/app/_features/settings/messages/de';
import { de as sharing } from '@/app/_features/sharing/messages/de';
import { de as shell } from '@/app/_features/shell/messages/de';
import { de as sync } from '@/app/_features/sync/messages/de';
import { de as ui } from '@/app/_features/ui/messages/de';

/** All messages in German. */
export const messages: Dictionary = {
  account,
  admin,
  'api-docs': apiDocs,
  app,
  dataset,
  captions,
  diagnostics,
  inbox,
  library,
  models,
  reader,
  recording,
  settings,
  sharing,
  shell,
  sync,
  ui,
};
