import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, expect, it } from 'vitest';
import { activate } from '@/app/_features/i18n/catalogue';
import { ENGLISH } from '@/app/_features/i18n/languages';
import { messages } from '@/app/messages/de';
import { API } from '@/lib/contracts';
import { ApiDocsPage } from './api-docs-page';
import { de } from './messages/de';

afterEach(() => activate(ENGLISH, null));

const groups = () =>
  [...renderToStaticMarkup(createElement(ApiDocsPage)).matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(
    ([, name]) => name,
  );

it('names the groups of routes in the language of the page', () => {
  expect(groups()).toEqual(API.map(({ name }) => name));
  activate({ tag: 'de', dir: 'ltr', name: 'Deutsch' }, messages);
  expect(groups()).toEqual(API.map(({ name }) => de[`group.${name}`]));
});
