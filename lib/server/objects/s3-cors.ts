import 'server-only';

/** By which the rule is known again that the app has set. */
const RULE_ID = 'ai2text';

/** A bucket's CORS configuration that lets pages of an origin use signed addresses, and no others. */
export function corsRule(origin: string): string {
  const entries: [string, string][] = [
    ['ID', RULE_ID],
    ['AllowedOrigin', origin],
    ['AllowedMethod', 'GET'],
    ['AllowedMethod', 'PUT'],
    ['AllowedHeader', 'content-type'],
    ['AllowedHeader', 'x-amz-content-sha256'],
    ['MaxAgeSeconds', '3600'],
  ];
  // an origin has no characters that XML would take for its own
  const rule = entries.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
  return `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule>${rule}</CORSRule></CORSConfiguration>`;
}

const rulesOf = (configuration: string) =>
  [...configuration.matchAll(/<CORSRule[\s>].*?<\/CORSRule>/gs)].map(([rule]) => rule);

/** Whether pages of an origin may both get and put. */
export function allowsOrigin(configuration: string, origin: string): boolean {
  const rules = rulesOf(configuration).filter((rule) =>
    [origin, '*'].some((one) => rule.includes(`<AllowedOrigin>${one}</AllowedOrigin>`)),
  );
  return ['GET', 'PUT'].every((method) =>
    rules.some((rule) => rule.includes(`<AllowedMethod>${method}</AllowedMethod>`)),
  );
}

/** Whether the one rule is the app's own, of an address that it had before. */
export function isOurRule(configuration: string): boolean {
  const rules = rulesOf(configuration);
  return rules.length === 1 && rules[0]?.includes(`<ID>${RULE_ID}</ID>`) === true;
}
