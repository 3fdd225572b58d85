import { beforeEach, inject } from 'vitest';
import './test-backends';

// without the services nothing of theirs can be shown; with CI=true their set-up has failed already
beforeEach(({ skip }) => {
  const backends = inject('serverBackends');
  if (backends.kind === 'missing') skip(backends.reason);
});
