'use client';

import { usePageTitle } from '@/app/_features/i18n';
import { Panel } from '@/app/_features/ui';
import { API, type Endpoint, type EndpointGroup, jsonSchemaOf } from '@/lib/contracts';
import { t } from './messages';

/** What the contracts say is for programmers: in English, as the OpenAPI document is. */
const IN_ENGLISH = { lang: 'en', dir: 'ltr' } as const;

/** Every route of the server, from the schemas that the routes themselves go by. */
export function ApiDocsPage() {
  usePageTitle('API');
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <div className="space-y-3">
        <h1 className="text-2xl sm:text-3xl">API</h1>
        <p className="max-w-prose text-muted">
          {t.rich('intro', {
            link: (text) => (
              <a className="underline" href="/api/openapi.json">
                {text}
              </a>
            ),
          })}
        </p>
      </div>
      {API.map((group) => (
        <Group key={group.name} group={group} />
      ))}
    </div>
  );
}

function Group({ group: { name, endpoints } }: { group: EndpointGroup }) {
  return (
    <Panel title={t(`group.${name}`)}>
      <ul className="divide-y divide-line">
        {endpoints.map((endpoint) => (
          <Route key={`${endpoint.method} ${endpoint.path}`} endpoint={endpoint} />
        ))}
      </ul>
    </Panel>
  );
}

/** Who may call it. */
function callerOf({ session, authorization }: Endpoint): string {
  return authorization === undefined ? t(`caller.${session}`) : t('caller.with', { authorization });
}

function Route({ endpoint }: { endpoint: Endpoint }) {
  const { method, path, summary, query, body, rawBody, answer } = endpoint;
  return (
    <li className="space-y-1.5 py-3.5">
      <h3 {...IN_ENGLISH} className="font-mono text-sm [overflow-wrap:anywhere]">
        <span className="font-semibold">{method}</span> {path}
      </h3>
      <p className="text-sm">
        <span {...IN_ENGLISH}>{summary}</span>{' '}
        <span className="text-muted">{callerOf(endpoint)}</span>
      </p>
      {query && <Schema name={t('query')} schema={query} />}
      {body && <Schema name={t('body')} schema={body} />}
      {rawBody && <p className="text-sm text-muted">{t('bodyIsBytes')}</p>}
      {answer === null && <p className="text-sm text-muted">{t('answersNothing')}</p>}
      {typeof answer === 'string' && (
        <p className="text-sm text-muted">{t('answersWith', { mediaType: answer })}</p>
      )}
      {answer !== null && typeof answer !== 'string' && (
        <Schema name={t('answer')} schema={answer} />
      )}
    </li>
  );
}

function Schema({ name, schema }: { name: string; schema: Parameters<typeof jsonSchemaOf>[0] }) {
  return (
    <details className="text-sm">
      <summary className="cursor-pointer py-1 text-muted">{name}</summary>
      {/* it scrolls by itself, and with a keyboard too */}
      <pre
        {...IN_ENGLISH}
        className="mt-2 max-h-96 overflow-auto rounded border border-line p-3 text-xs"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        tabIndex={0}
      >
        {JSON.stringify(jsonSchemaOf(schema), null, 2)}
      </pre>
    </details>
  );
}
