import 'server-only';

export { deleteSummary, listSummaries, putSummary } from './transcripts';
