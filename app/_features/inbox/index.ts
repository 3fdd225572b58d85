export { InboxNotice } from './inbox-notice';
export { InboxPage } from './inbox-page';
