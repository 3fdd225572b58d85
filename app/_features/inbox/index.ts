export { InboxNotice, InboxPage } from './inbox-page';
