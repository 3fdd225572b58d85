export { openCtc, openPhoneCtc } from './open';
