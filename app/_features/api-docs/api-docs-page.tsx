import { Panel } from '@/app/_features/ui';
import { API, type Endpoint, type EndpointGroup, jsonSchemaOf } from '@/lib/contracts';

/**
 * Every route of the server, from the schemas that the routes themselves go by. For programmers: in
 * English, as the OpenAPI document is.
 */
export function ApiDocsPage() {
  return (
    <div lang="en" dir="ltr" className="space-y-10 pt-2 sm:pt-6">
      <div className="space-y-3">
        <h1 className="text-2xl sm:text-3xl">API</h1>
        <p className="max-w-prose text-muted">
          What the pages of this server ask it, as JSON. Audio and text never go here. For programs
          there is{' '}
          <a className="underline" href="/api/openapi.json">
            the same as OpenAPI 3.1
          </a>
          .
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
    <Panel title={name}>
      <ul className="divide-y divide-line">
        {endpoints.map((endpoint) => (
          <Route key={`${endpoint.method} ${endpoint.path}`} endpoint={endpoint} />
        ))}
      </ul>
    </Panel>
  );
}

const CALLERS: Readonly<Record<Endpoint['session'], string>> = {
  open: 'Everyone',
  user: 'Any signed-in user',
  owner: 'The owner',
};

/** Who may call it. */
function callerOf({ session, authorization }: Endpoint): string {
  return authorization ? `With ${authorization}` : CALLERS[session];
}

function Route({ endpoint }: { endpoint: Endpoint }) {
  const { method, path, summary, query, body, rawBody, answer } = endpoint;
  return (
    <li className="space-y-1.5 py-3.5">
      <h3 className="font-mono text-sm [overflow-wrap:anywhere]">
        <span className="font-semibold">{method}</span> {path}
      </h3>
      <p className="text-sm">
        {summary} <span className="text-muted">{callerOf(endpoint)}.</span>
      </p>
      {query && <Schema name="Query" schema={query} />}
      {body && <Schema name="Body" schema={body} />}
      {rawBody && <p className="text-sm text-muted">The body is bytes as they are.</p>}
      {answer === null && <p className="text-sm text-muted">Answers with status 204.</p>}
      {typeof answer === 'string' && <p className="text-sm text-muted">Answers with {answer}.</p>}
      {answer !== null && typeof answer !== 'string' && <Schema name="Answer" schema={answer} />}
    </li>
  );
}

function Schema({ name, schema }: { name: string; schema: Parameters<typeof jsonSchemaOf>[0] }) {
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted">{name}</summary>
      {/* it scrolls by itself, and with a keyboard too */}
      <pre
        className="mt-2 max-h-96 overflow-auto rounded border border-line p-3 text-xs"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        tabIndex={0}
      >
        {JSON.stringify(jsonSchemaOf(schema), null, 2)}
      </pre>
    </details>
  );
}
